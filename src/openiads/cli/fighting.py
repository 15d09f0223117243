"""The verbs ``demo`` and ``run``."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from openiads.cli import output, progress
from openiads.errors import UserError

if TYPE_CHECKING:
    from openiads.plan import Planned
    from openiads.results.policies import Chosen
    from openiads.results.source import Source
    from openiads.results.sweeping import Sweep
    from openiads.results.value import Run


@dataclass(frozen=True)
class Request:
    """What was asked on the command line."""

    scenario: str
    seed: int | None = None
    replications: int = 1
    replication: int | None = None
    workers: int | None = None
    overrides: tuple[str, ...] = ()
    sweep: str | None = None
    out: Path | None = None
    json: bool = False
    policy: Path | None = None
    gaps: bool = False
    believed: tuple[str, ...] = ()


class Fought(NamedTuple):
    """A run and what was asked beside it."""

    run: "Run"
    sweep: "list[tuple[str, Run]]"
    effects: list[dict[str, Any]]
    versus: list[dict[str, Any]]
    observed: dict[str, Any] | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the keys of ``run --json``."""
        from openiads.results.sweeping import number_or_text

        found = self.run.as_json()
        if self.sweep:
            from openiads.results.sweeping import bend

            found["knee"] = bend(self.sweep)
            found["sweep"] = [_swept(number_or_text(value), one) for value, one in self.sweep]
        if self.effects:
            found["effects"] = self.effects
        if self.observed is not None:
            found["observed"] = self.observed
        if self.versus:
            found["versus_built_in"] = self.versus
        return found


def _swept(value: object, run: "Run") -> dict[str, Any]:
    intervals = {name: one.as_json() for name, one in run.intervals.items()}
    return {"value": value, "digest": run.digest, "outcome": run.outcome, "intervals": intervals, "why": run.why}


def fight(request: Request) -> int:
    """Fight, write the folder, and print."""
    if request.replication is not None and request.replications != 1:
        raise UserError("--replication fights one replication and --replications many: give one of the two")
    if request.believed and request.replications != 1:
        raise UserError("--believed tells of one replication: give --replication K instead of --replications")
    found = fought(request)
    told = [sentence for name in request.believed for sentence in found.run.believed(name) or [f"{name}: nobody fired at it."]]
    found = found._replace(run=kept(found, request.out))
    if request.json:
        output.answer({**found.as_json(), "believed": told or found.run.believed()} if found.run.log is not None else found.as_json())
    else:
        from openiads.cli.printing import show_effects, show_gaps, show_observed, show_run, show_sweep, show_versus

        show_run(found.run)
        show_gaps(found.run)
        show_versus(found.run, found.versus)
        show_sweep(request.sweep or "", found.sweep)
        show_effects(found.effects)
        show_observed(found.observed)
        for sentence in told:
            output.say(sentence)
    return 0


def fought(request: Request) -> Fought:
    """Read, plan and fight what was asked."""
    with progress.stages() as stage:
        stage(f"reading {output.clean(request.scenario)}")
        from openiads.results.running import checked, fight
        from openiads.results.source import reread, source_of
        from openiads.results.sweeping import places, sweep

        source = source_of(request.scenario, request.overrides)
        asked = reread(source)
        wanted = None if request.sweep is None else sweep(request.sweep)
        for place in places(source, wanted) if wanted else ():
            reread(place)
        seed = asked.seed if request.seed is None else request.seed
        checked(seed, request.replications, request.replication or 0, request.workers)
        policy = _policy(request)
        from openiads.engine.warm import Warming
        from openiads.plan import plan

        warming = Warming()
        if warming.is_needed:
            stage.hint = progress.COMPILING
        stage(f"planning {output.clean(asked.name)}")
        planned = plan(asked)
        warming.finish()
        stage(f"fighting {output.clean(asked.name)}")
        first = request.replication or 0
        one = None
        if request.replications == 1:
            one = fight(planned, seed, 1, first, policy=policy, record_assignments=request.gaps)
        if one is not None and wanted is None:
            return Fought(replace(one, source=source), [], [], [])
    if policy is not None or request.gaps:
        return _outside(request, source, planned, seed, policy)
    return _many(request, source, planned, seed, one, wanted)


def _policy(request: Request) -> "Chosen | None":
    """Load the policy asked for, before anything is fought."""
    if request.sweep is not None and (request.policy is not None or request.gaps):
        raise UserError("--sweep goes with neither --policy nor --gaps: fight each value by itself with --set")
    if request.policy is None:
        return None
    if request.gaps:
        raise UserError("--gaps speaks of doctrine's algorithm and --policy replaces it: give one of the two")
    from openiads.results.policies import loaded

    return loaded(request.policy)


def _outside(request: Request, source: "Source", planned: "Planned", seed: int, policy: "Chosen | None") -> Fought:
    """Fight many replications with a policy, and again without it on the same random numbers; or record the assignments."""
    from openiads.results.running import fight
    from openiads.results.sweeping import versus

    n = request.replications
    with progress.bar(n * (1 if policy is None else 2), "replications") as told:
        run = fight(planned, seed, n, 0, None, told, policy=policy, record_assignments=request.gaps)
        differences = []
        if policy is not None:
            differences = versus(run, fight(planned, seed, n, 0, request.workers, lambda k: told(n + k)))
    return Fought(replace(run, source=source), [], [], differences)


def _many(request: Request, source: "Source", planned: "Planned", seed: int, one: "Run | None", wanted: "Sweep | None") -> Fought:
    from openiads.results.running import fight
    from openiads.results.sweeping import effects, fighter, swept

    n, factors = request.replications, planned.scenario.factors if request.replications > 1 else ()
    watched = planned.scenario.observed if request.replications > 1 else None
    rounds = (one is None) + len(factors) + (len(wanted.values) if wanted else 0) + (2 if watched else 0)
    with progress.bar(n * rounds, "replications") as told:
        run = one if one is not None else fight(planned, seed, n, 0, request.workers, told)
        done = n if one is None else 0
        again = fighter(seed, n, request.workers, lambda k: told(done + k))
        mended = effects(source, run, again) if factors else []
        values = swept(source, wanted, again) if wanted else []
        beside = None
        if watched is not None:
            from openiads.results.observed import NIGHT, observed
            from openiads.results.sweeping import changed

            nights = [again(changed(source, [f"{NIGHT}={sd:g}"])) for sd in (0.0, watched.night_effect_sd)]
            beside = observed(nights[0], nights[1], watched.night_effect_sd)
    return Fought(replace(run, source=source), values, mended, [], beside)


def kept(found: Fought, out: Path | None) -> "Run":
    """Write a run with its replay into a folder and return it with that folder."""
    from openiads.results.folder import free_name, save

    run = found.run
    with progress.stages() as stage:
        stage("writing the folder")
        extras: dict[str, Callable[[Path], object]] = {}
        from openiads.show.pages import run_page, run_page_name

        extras[run_page_name(run)] = lambda path: run_page(run, path)
        if run.policy is not None and run.policy.text:
            policy = run.policy.text
            extras["policy.py"] = lambda path: path.write_text(policy, encoding="utf-8")
        target = free_name(run.scenario.name, run.seed) if out is None else out
        answer = {
            key: value for key, value in found.as_json().items() if key in ("sweep", "knee", "effects", "observed", "versus_built_in")
        }
        return replace(run, folder=save(run, target, extras, answer))
