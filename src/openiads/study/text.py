"""The first page as lines of text, for a terminal."""

from collections.abc import Mapping, Sequence
from typing import Any

from openiads.study.answers import signed

DRIVERS = 5
WRONG = 12
LINKS = 6
DOUBTS = 24
ALTERNATIVES = 4
MISSES = 6
CLASSES = ("targets", "impact_objects", "impacts", "killed")


def page_lines(content: Mapping[str, Any]) -> list[str]:
    """Return the first page of a study's result, in its fixed order, as plain lines.

    Parameters
    ----------
    content : mapping
        What ``study.study`` returned, or ``study.json`` read back.
    """
    page = content["page"]
    question = page["question"]
    lines = [question["question"], "", question["answer"], *(f"  {one}" for one in question["of_which"]), f"({question['conditions']})", ""]
    lines += _section("Reach", [row for one in page["reach"] for row in _reach(one)] + _ranges(page["reach"]))
    lines += _section("Knowledge and luck", _some([row for one in page["knowledge_and_luck"] for row in _two_doubts(one)], DOUBTS))
    lines += _section("By class", _classes(page["impacts_by_class"]))
    lines += _section("Wrong engagements", _wrong(content))
    lines += _section("What drives the answer", [_driver(one) for one in page["drivers"]["figures"][:DRIVERS]])
    lines += _section("Would the verdict flip?", [_flip(one) for one in page["flips"]])
    limits = page["limits"]
    lines += _section("Misses against public anchors", _some(limits["anchors"]["misses"], MISSES) or ["none where rates are public"])
    lines += _section("By hand", [f"{one['alternative'].partition(' / ')[2]}: {one['words']}" for one in limits["by_hand"]])
    lines += _section("Order of simultaneous events", [one["words"] for one in limits["ties"]])
    lines += _section("Not represented", limits["not_represented"])
    lines += _section("Taken for granted", limits["assumptions"])
    if content["set_aside"]:
        lines += _section("Set aside", [f"{one['reason']}: {one['replay']}" for one in content["set_aside"]])
    origin = page["origin"]
    return [*lines, f"digest {origin['digest']}", f"repeat with: {origin['rerun']}", f"cite: {origin['cite']}"]


def _section(title: str, rows: list[str]) -> list[str]:
    return [title, *(f"  {row}" for row in rows), ""] if rows else []


def _reach(one: Mapping[str, Any]) -> list[str]:
    rows = []
    for row in one["low"]:
        band = "" if not row["band"] else f" ({_span(row['band'])})"
        ring = f"against a published {row['naive_range_m'] / 1000:.0f} km"
        what = f"{row['target_class']} at {row['height_m']:g} m to {row['reach_m'] / 1000:.0f} km"
        rows.append(f"{one['alternative']}: engages {what}{band}, {ring}")
    return rows or [f"{one['alternative']}: {one.get('why_not', 'no fire unit')}"]


def _span(band: Mapping[str, Any]) -> str:
    most = f", most by the {band['driver']}" if band.get("driver") else ""
    return f"5 to 95 % over the catalogue's ranges: {band['p05'] / 1000:.0f} to {band['p95'] / 1000:.0f} km{most}"


def _ranges(reach: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return what the bands of reach are over, where there are any."""
    said = {(one["varied"], one["not_varied"]) for one in reach if "varied" in one}
    return [
        f"bands of reach: the catalogue's ranges of {varied}, whatever the study draws; not varied: {rest}" for varied, rest in sorted(said)
    ]


def _two_doubts(one: Mapping[str, Any]) -> list[str]:
    rows = []
    for row in one["rows"]:
        rows += [row["luck"]["words"]] + ([row["band"]["words"]] if row["band"] else [])
    return rows + [pair["words"] for pair in one["compared"]]


def _wrong(content: Mapping[str, Any]) -> list[str]:
    page, shown = content["page"], {one["name"] for one in content["alternatives"]}
    rows = dict.fromkeys(one["words"] for one in page["wrong_engagements"] if one["alternative"] in shown)
    first = [one["words"] for one in page.get("wrong_of_headline", ())]
    others = [one for one in rows if one not in first]
    return [*first, *(one["words"] for one in page["most_wrong"]), *_some(others, WRONG)]


def _some(rows: list[str], most: int) -> list[str]:
    """Return the first rows, and how many more there are."""
    return [*rows[:most], f"and {len(rows) - most} more in study.json"] if len(rows) > most else rows


def _classes(alternatives: list[Mapping[str, Any]]) -> list[str]:
    rows = []
    for one in alternatives[:ALTERNATIVES]:
        rows.append(f"{one['alternative']}, over {one['replications']:,} nights:")
        rows += [f"  {row['class']}: " + ", ".join(f"{key} {row[key]:,}" for key in CLASSES) for row in one["classes"]]
        rows.append("  why leaked: " + (", ".join(_links(one["why"])) or "nothing leaked"))
    left = len(alternatives) - ALTERNATIVES
    return [*rows, f"and {left} more in study.json"] if left > 0 else rows


def _links(why: Mapping[str, int]) -> list[str]:
    """Return the most frequent first broken links, and how many leakers the rest of them hold."""
    rows = sorted(why.items(), key=lambda pair: (-pair[1], pair[0]))
    rest = rows[LINKS:]
    more = [f"{len(rest)} more reason{'s' if len(rest) > 1 else ''} {sum(count for _, count in rest):,}"] if rest else []
    return [f"{link} {count:,}" for link, count in rows[:LINKS]] + more


def _driver(one: Mapping[str, Any]) -> str:
    low, high = one["range"]
    unit = "" if one["unit"] in ("", "1") else f" {one['unit']}"
    flag = f", {one['flag']}" if one["flag"] else ""
    share = f"{100 * one['share']:.0f} % of the spread ({100 * one['low']:.0f} to {100 * one['high']:.0f})"
    return f"{one['figure']}: {share}; {low:.4g} to {high:.4g}{unit}{flag}"


def _flip(one: Mapping[str, Any]) -> str:
    first, second = one["alternatives"]
    changed, stated = (signed(one[key]["measure"], one[key]) for key in ("answer", "stated"))
    head = f"{one['change']} ({one['about']}): {first} less {second} {changed}, as stated {stated}: "
    match one["becomes"]:
        case "the same":
            return f"{head}{one['verdict']} stands"
        case "cannot tell":
            return f"{head}cannot tell, neither as stated nor changed"
    return f"{head}{'FLIPS, ' if one['flips'] else ''}{one['verdict']} becomes {one['verdict_changed']}"
