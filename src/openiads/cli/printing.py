"""A run in a terminal: who ended how, who fired what, who was hit by mistake, and why what leaked leaked."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from openiads.cli.output import clean, console, say, table
from openiads.results.outcome import MEANS
from openiads.results.sweeping import bend

if TYPE_CHECKING:
    from openiads.results.value import Run
    from openiads.statistics.intervals import Interval

ALWAYS = ("targets", "engaged", "killed", "leaked")
ENDS = (*ALWAYS, "task_done", "turned_back", "lost", "left", "alive", "prevented", "never_detected")
SHOT_KEYS = ("rounds_fired", "gun_rounds", "killed", "missed", "support_lost")
SENTENCES, UNITS = 8, 12
HEADS = {"task_done": "task done", "turned_back": "turned back", "never_detected": "never seen", "prevented": "not released"}


def show_run(run: "Run") -> None:
    """Print a run."""
    asked, screen = run.scenario, console()
    number = f"replication {run.batch.first}" if run.replications == 1 else f"{run.replications:,} replications"
    say(f"{asked.name}: {asked.duration_s / 60:g} min, seed {run.seed}, {number}")
    say(str(asked.about).strip())
    for note in (*([run.planned.terrain_words] if asked.environment.terrain else []), *run.planned.raid.notes):
        say(f"Note: {note}")
    hostile = [row for row in run.by_class if row["targets"] or row["prevented"]]
    keys = [key for key in ENDS if key in ALWAYS or run.outcome[key]]
    rows = [(row["name"], *(row[key] for key in keys), row["shots"]) for row in hostile]
    total = ("all", *(run.outcome[key] for key in keys), sum(row["shots"] for row in hostile))
    if rows:
        screen.print(table("Hostile objects", ["class", *(HEADS.get(key, key) for key in keys), "shots at"], rows, total))
    _systems(run)
    _economics(run)
    _wrong(run)
    if run.outcome["leaked"]:
        links = sorted(((n, link) for link, n in run.why.items() if n), reverse=True)
        screen.print(
            table(
                "Why they leaked: the first broken link of the unit that came furthest",
                ["link", "leakers"],
                [(link, n) for n, link in links],
            )
        )
    _hand(run)
    if run.replications > 1:
        _intervals(run.intervals)
    else:
        _one(run)
    if run.folder is not None:
        say(f"Folder: {run.folder} ({'replay' if run.replications == 1 else 'replications'}.html opens in any browser)")
    say(f"Digest: {run.digest}")


def _one(run: "Run") -> None:
    from openiads.results.night import night

    idle = night(run.planned, run.seed, run.batch.first).not_ready(run.planned)
    if idle:
        say(f"Not ready in this replication (drawn from the catalogue's availabilities): {', '.join(idle)}.")
    for sentence in run.sentences[:SENTENCES]:
        say(sentence)
    if len(run.sentences) > SENTENCES:
        say(f"... and {len(run.sentences) - SENTENCES} more in run.json of the folder.")
    for sentence in run.believed()[:SENTENCES]:
        say(sentence)
    say("One replication is one draw: --replications 1000 gives shares with intervals.")


def _hand(run: "Run") -> None:
    page = run.hand
    rows = [
        (
            u.name,
            f"{u.horizon_low_m / 1e3:.0f} km",
            f"{u.reach_m / 1e3:.0f} km",
            f"{u.cycle_s:.0f} s",
            u.channels,
            u.missiles,
            u.bursts,
            f"{u.readiness:.2f}",
        )
        for u in page.units[:UNITS]
    ]
    if rows:
        heads = ["by hand", "horizon at 50 m", "reach", "shot cycle", "channels", "missiles", "gun bursts", "readiness"]
        console().print(table("Hand model: arithmetic without chance", heads, rows))
    if page.classes:
        lines = [
            (
                c.name,
                c.count,
                f"{c.horizon_m / 1e3:.0f} km",
                f"{c.within_s:.0f} s",
                f"{c.shots:.1f}",
                f"{c.kill_probability:.2f}",
                f"{c.kills:.1f}",
            )
            for c in page.classes
        ]
        heads = ["by hand", "number", "horizon", "within reach", "cycles", "kill probability", "kills"]
        console().print(table("", heads, lines))
    say(run.beside[1])


def _systems(run: "Run") -> None:
    rows: list[tuple[Any, ...]] = []
    for system in run.by_system:
        rows += [(f"{system['name']} {one['name']}", *(one[key] for key in SHOT_KEYS), "") for one in system["weapons"]]
        rows.append(
            (
                system["name"],
                *(system[key] for key in SHOT_KEYS),
                system["rounds_left"],
            )
        )
    if rows:
        heads = ["weapon", "missiles fired", "gun rounds", "kills", "missed or failed", "support lost", "missiles left"]
        console().print(table("Defence", heads, rows))


def _economics(run: "Run") -> None:
    """Print what the rounds cost for what they destroyed, and when magazines ran low."""
    found = run.economics
    exchange = found["exchange"]
    if found["defence_usd"]["value"] and exchange is not None:
        paid, gained = found["defence_usd"], found["destroyed_usd"]
        interval = "" if run.replications == 1 or exchange["high"] is None else f" ({exchange['low']:.2g} to {exchange['high']:.2g})"
        span = (
            ""
            if exchange["span_high"] is None
            else f", {exchange['span_low']:.2g} to {exchange['span_high']:.2g} over the ranges of prices"
        )
        say(
            f"Cost: missiles for {_usd(paid)} a battle against targets for {_usd(gained)}; {exchange['estimate']:.2g} dollars for "
            f"one{interval}{span}. {found['judged_share']:.0%} of the missiles' cost rests on judged prices."
        )
    if found["unpriced"] and found["defence_usd"]["value"]:
        say("No price, left out: " + ", ".join(f"{name} ({n:,})" for name, n in found["unpriced"].items()) + ".")
    rows = [
        (
            f"{one['system']} {one['name']}", one["magazines"], one["reserve"], _when(one["reserve_s"], one["reserve_first_s"]),
            one["empty"], _when(one["empty_s"], one["empty_first_s"]),
        )
        for one in found["magazines"] if one["reserve"] or one["empty"]
    ]  # fmt: skip
    if rows:
        heads = ["magazines", "of units", "at reserve", "after (first)", "empty", "after (first)"]
        console().print(table("Magazines that ran low", heads, rows))


def _usd(part: "Mapping[str, float]") -> str:
    """A cost with the range of its prices, in millions."""
    return f"{part['value'] / 1e6:.3g} M$ ({part['low'] / 1e6:.3g} to {part['high'] / 1e6:.3g})"


def _when(mean_s: "Mapping[str, float] | None", first_s: float | None) -> str:
    return "" if mean_s is None or first_s is None else f"{mean_s['mean'] / 60:.1f} min ({first_s / 60:.1f})"


def _wrong(run: "Run") -> None:
    o = run.outcome
    n = run.replications
    rows = [
        (side, flights, engaged, lost, f"{1000 * engaged / flights:.3g}" if flights else "", f"{engaged / n:.3g}")
        for side, flights, engaged, lost in (
            (side, o[f"{side}_flights"], o[f"{side}_engaged"], o[f"{side}_lost"]) for side in ("civil", "friendly")
        )
    ]
    heads = ["", "flights", "engaged", "lost", "engaged per 1,000 flights", "engaged per raid"]
    console().print(table("Engaged by mistake, given this battle and doctrine (not a forecast)", heads, rows))
    if o["tracked"]:
        console().print(
            table(
                "Identification of hostile objects",
                ["with a firm track", "never called hostile", "called so later than a minute"],
                [(o["tracked"], o["missed_hostile"], o["late_identified"])],
            )
        )


def _intervals(found: "Mapping[str, Interval]") -> None:
    rows = []
    for name, one in found.items():
        estimate = "" if one.denominator == 0 else f"{one.estimate:.4g}"
        rows.append(
            (
                clean(name.replace("_", " ")),
                f"{one.numerator:,} {'in' if name in MEANS else 'of'} {one.denominator:,}",
                estimate,
                f"{one.low:.4g} to {one.high:.4g}",
            )
        )
    console().print(table("Intervals (95 %), from the variation between replications", ["measure", "count", "estimate", "interval"], rows))


def show_sweep(path: str, found: "Sequence[tuple[str, Run]]") -> None:
    """Print one line for each value of a sweep."""
    if not found:
        return
    rows = []
    for value, run in found:
        links = sorted(((n, link) for link, n in run.why.items() if n), reverse=True)[:2]
        o = run.outcome
        leaked = run.intervals.get("leaked")
        share = f"{leaked.low:.3g} to {leaked.high:.3g}" if leaked is not None and run.replications > 1 else ""
        rows.append(
            (
                value,
                o["targets"],
                o["killed"],
                o["leaked"],
                share,
                o["impacts"],
                o["rounds_fired"],
                ", ".join(f"{link} {n:,}" for n, link in links),
            )
        )
    heads = [path.partition("=")[0], "targets", "killed", "leaked", "leaked share", "impacts", "missiles fired", "mostly for"]
    console().print(table("Sweep, on the same random numbers", heads, rows))
    bent = bend(found)
    if bent is not None:
        say(
            f"Leakers against {heads[0]} bend at {bent['place']:.3g} ({bent['low']:.3g} to {bent['high']:.3g}): "
            f"before it each one more adds {bent['slope_before']:.2f} leakers, after it {bent['slope_after']:.2f}."
        )
    elif len(found) >= 5 and found[0][1].replications > 1:
        say(f"Leakers against {heads[0]}: no bend; a straight line explains them as well.")


def show_observed(found: "Mapping[str, Any] | None") -> None:
    """Print the simulated shares of kills beside the claimed ones, what was not fitted, and every caveat."""
    if found is None:
        return
    rows = []
    for one in found["rows"]:
        years = f"{one['years'][0]:.0%} to {one['years'][1]:.0%}"
        shares = [f"{part['estimate']:.0%} ({part['low']:.0%} to {part['high']:.0%})" for part in (one["night_off"], one["night_on"])]
        spread = [f"{part['dispersion']:.1f}" if part["dispersion"] is not None else "" for part in (one["night_off"], one["night_on"])]
        claimed = "" if one["dispersion"] is None else f"{one['dispersion']:.1f}"
        bounds = f"{one['bounds'][0]:.0%} to {one['bounds'][1]:.0%}"
        rows.append((one["class"], shares[0], shares[1], years, bounds, one["verdict"], f"{spread[0]} / {spread[1]} / {claimed}"))
    heads = ["class", "killed, night off", "night on", "claimed, by year", "bounds", "night off is", "dispersion off/on/claimed"]
    console().print(table("Simulated beside publicly claimed interception", heads, rows))
    for line in (*found["said"], *found["caveats"]):
        say(line)


def show_effects(found: "Sequence[Mapping[str, Any]]") -> None:
    """Print what mending each factor changes."""
    if found:
        rows = [
            (
                one["factor"],
                one["measure"].replace("_", " "),
                f"{1000 * one['estimate']:+.3g}",
                f"{1000 * one['low']:+.3g} to {1000 * one['high']:+.3g}",
            )
            for one in found
            if one["estimate"] is not None
        ]
        heads = ["changed", "measure", "change per 1,000 flights or raids", "interval"]
        console().print(table("What mending one thing changes, on the same random numbers", heads, rows))


def show_gaps(run: "Run") -> None:
    """Print how far each heuristic lies from the optimum on the battles' own assignment problems."""
    if run.gaps is None:
        return
    rows = [(one.algorithm, one.problems, one.optimal, f"{one.mean:.3%}", f"{one.worst:.3%}", f"{one.total:.3%}") for one in run.gaps]
    heads = ["algorithm", "problems", "optimal", "mean gap", "worst gap", "gap of the sum"]
    console().print(table("Assignment: gap to the proven bound on the problems met", heads, rows))


def show_versus(run: "Run", versus: Sequence[Mapping[str, Any]]) -> None:
    """Print a policy against the built-in assignment."""
    if not versus or run.policy is None:
        return
    rows = [
        (one["measure"], _signed(one["estimate"]), f"{_signed(one['low'])} to {_signed(one['high'])}", one["verdict"]) for one in versus
    ]
    title = f"{clean(run.policy.name)} less the built-in assignment, on the same random numbers (95 %)"
    console().print(table(title, ["measure", "difference", "interval", ""], rows))


def _signed(value: float | None) -> str:
    return "unknown" if value is None else f"{value:+.4g}"
