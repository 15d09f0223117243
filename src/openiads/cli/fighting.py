"""The verbs ``demo`` and ``run``."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from openiads.cli import output, progress
from openiads.errors import UserError

if TYPE_CHECKING:
    from openiads.results.running import Run


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


def fight(request: Request) -> int:
    """Fight, write the folder, and print."""
    if request.replication is not None and request.replications != 1:
        raise UserError("--replication fights one replication and --replications many: give one of the two")
    found = fought(request)
    found = kept(found, request.out)
    if request.json:
        output.answer(found.as_json())
    else:
        from openiads.cli.printing import show_run

        show_run(found)
    return 0


def fought(request: Request) -> "Run":
    """Read, plan and fight what was asked."""
    with progress.stages() as stage:
        stage(f"reading {output.clean(request.scenario)}")
        from openiads.results.running import checked, fight
        from openiads.results.source import reread, source_of

        source = source_of(request.scenario, request.overrides)
        asked = reread(source)
        seed = asked.seed if request.seed is None else request.seed
        checked(seed, request.replications, request.replication or 0, request.workers)
        from openiads.engine.warm import Warming
        from openiads.plan import plan

        warming = Warming()
        if warming.is_needed:
            stage.hint = progress.COMPILING
        stage(f"planning {output.clean(asked.name)}")
        planned = plan(asked)
        warming.finish()
        stage(f"fighting {output.clean(asked.name)}")
        one = fight(planned, seed, 1, request.replication or 0)
        if request.replications == 1:
            return replace(one, source=source)
    with progress.bar(request.replications, "replications") as told:
        return replace(fight(planned, seed, request.replications, 0, request.workers, told), source=source)


def kept(run: "Run", out: Path | None) -> "Run":
    """Write a run with its replay into a folder and return it with that folder."""
    from openiads.results.folder import free_name, save

    with progress.stages() as stage:
        stage("writing the folder")
        extras = {}
        if run.log is not None:
            from openiads.show.replay_page import to_html
            from openiads.show.replay_run import from_run

            extras["replay.html"] = lambda path: to_html(from_run(run), path)
        target = free_name(run.scenario.name, run.seed) if out is None else out
        return replace(run, folder=save(run, target, extras))
