"""The verb ``cover``: computes, writes, and prints the first tables."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openiads.cli import output, progress

if TYPE_CHECKING:
    from openiads.coverage.command import Asked

MOST_ROWS = 12


def cover(asked: "Asked", out: Path | None, json: bool) -> int:
    """Compute honest coverage, write maps, and print the first tables."""
    from openiads.coverage.command import command

    with progress.stages() as stage:
        stage("covering")
        found = command(asked, out, told=stage)
    if json:
        output.answer(found)
        return 0
    _print(found)
    return 0


def _print(found: Mapping[str, Any]) -> None:
    output.say(f"{found['scenario']}; {found['terrain']}. Reach in km with 5 / 50 / 95 % of what is known (* in islands)")
    heads = ["target", "height", "product", "reach km", "5/50/95 %", "by", "of published", "ends by"]
    output.console().print(output.table("What is covered", heads, [_row(row) for row in found["table"]]))
    for line in _doubt(found):
        output.say(line)
    stated = [(one["statement"], _stated(one), one["status"], _km(one["ours_m"]), _km(one["residual_m"])) for one in found["published"]]
    output.console().print(output.table("Beside what others state", ["statement", "stated", "status", "ours", "outside by"], stated))
    gaps = [_gap(one) for one in found["gaps"] if _is_first(one, found["table"])]
    if gaps:
        away = f"{found['gaps'][0]['perimeter_m'] / 1000:g} km"
        title = f"Not covered within {away} of the assets"
        output.console().print(output.table(title, ["target", "height", "product", "of the area", "of the rim", "mostly by"], gaps))
    differences = [_difference(one) for one in found["differences"] if _is_first(one, found["table"])]
    if differences:
        heads = ["", "target", "height", "product", "from km2", "to km2", "gained", "lost"]
        output.console().print(output.table("Compared", heads, differences))
    for note in found["notes"]:
        output.say(note)
    output.say(f"Folder: {found['folder']} (coverage.html opens in any browser, the PNG and SVG maps print)")


def _km(metres: float | None) -> str:
    return "" if metres is None else f"{metres / 1000:.0f} km"


def _height(row: Mapping[str, Any]) -> str:
    metres = row["height_m"]
    return (f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m") + ("" if row["height_datum"] == "agl" else " amsl")


def _row(row: Mapping[str, Any]) -> tuple[str, ...]:
    band = row["band"]
    spread = ""
    if band is not None:
        broken = "*" if band["p05"] < 0.5 * band["farthest"]["p05"] else ""
        spread = broken + "/".join(f"{(band['farthest'] if broken else band)[key] / 1000:.0f}" for key in ("p05", "p50", "p95"))
    own = f"{row['naive_range_m'] / 1000:g} km, {100 * row['share']:.2g} %"
    return (
        row["target_class"], _height(row), row["product"].replace("_", " "), f"{row['reach_m'] / 1000:.0f}", spread,
        row["unit"], own, row["limited_by"],
    )  # fmt: skip


def _doubt(found: Mapping[str, Any]) -> list[str]:
    """Which unknown causes most of the bands, and where it hardly matters."""
    drivers = [row["band"]["driver"] for row in found["table"] if row["band"] is not None and row["band"]["driver"]]
    most = max(sorted(set(drivers)), key=drivers.count, default=None)
    return ([] if most is None else [f"Most of the bands comes from the {most}."]) + list(found["insensitive"])


def _stated(one: Mapping[str, Any]) -> str:
    low, high = one["low_m"] / 1000, one["high_m"] / 1000
    return f"{low:g} km" if low == high else f"{low:g}-{high:g} km"


def _is_first(one: Mapping[str, Any], rows: list[Mapping[str, Any]]) -> bool:
    return any((row["target_class"], row["height_m"]) == (one["target_class"], one["height_m"]) for row in rows)


def _gap(one: Mapping[str, Any]) -> tuple[str, ...]:
    causes = sorted(one["area_by_cause"].items(), key=lambda pair: -pair[1])[:2]
    words = ", ".join(f"{name} {100 * share:.0f} %" for name, share in causes)
    shares = (f"{100 * one[name]:.0f} %" for name in ("uncovered_area_share", "uncovered_perimeter_share"))
    return one["target_class"], _height(one), one["product"].replace("_", " "), *shares, words


def _difference(one: Mapping[str, Any]) -> tuple[str, ...]:
    areas = (f"{value / 1e6:,.0f}" for value in (*one["area_m2"], one["gained_m2"], one["lost_m2"]))
    return one["title"], one["target_class"], _height(one), one["product"].replace("_", " "), *areas
