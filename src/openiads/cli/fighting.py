"""The verbs ``demo`` and ``run``."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openiads.cli import output, progress
from openiads.errors import UserError


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
    if request.json:
        output.answer(found.as_json())
    else:
        from openiads.cli.printing import show_run

        show_run(found)
    return 0


def fought(request: Request) -> Any:
    """Read, plan and fight what was asked."""
    from openiads.results.running import fight as fight_plan
    from openiads.scenario.reader import read

    with progress.stages() as stage:
        stage(f"reading {output.clean(request.scenario)}")
        asked = read(request.scenario, request.overrides)
        from openiads.plan import plan

        if progress.is_cold():
            stage.hint = progress.COMPILING
        stage(f"planning {output.clean(asked.name)}")
        planned = plan(asked)
        stage(f"fighting {output.clean(asked.name)}")
        seed = asked.seed if request.seed is None else request.seed
        first = request.replication or 0
        if request.replications == 1:
            return fight_plan(planned, seed, 1, first)
        fight_plan(planned, seed, 1, first)
    with progress.bar(request.replications, "replications") as told:
        return fight_plan(planned, seed, request.replications, first, request.workers, told)
