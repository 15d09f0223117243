"""The verbs ``show`` and ``export``."""

from pathlib import Path

from openiads.cli import output, progress
from openiads.errors import UserError


def show(folder: Path, port: int) -> int:
    """Serve a folder of results on this machine until interrupted."""
    from openiads.serve.server import serve

    if not 0 <= port <= 65_535:
        raise UserError(f"--port {port}: there is no such port; give a number up to 65535, or leave it out for a free one")
    serve(folder, port)
    return 0


def export(folder: Path, to: str, out: Path | None, json: bool) -> int:
    """Write a run for other tools, or pack a study; a run is fought again from its own folder, and its digest has to be the same."""
    files = [str(one) for one in (_bundle(folder, out) if to == "bundle" else _run(folder, to, out))]
    if json:
        output.answer({"folder": str(folder), "to": to, "files": files})
    else:
        for one in files:
            output.say(one)
    return 0


def _bundle(folder: Path, out: Path | None) -> list[Path]:
    from openiads.results.folder import explained, is_run, load, pack

    name = f"{folder.resolve().name}.zip"
    target = folder.resolve().with_name(name) if out is None else out if out.suffix == ".zip" else out / name
    with explained(target):
        target.parent.mkdir(parents=True, exist_ok=True)
    if is_run(folder):
        return [pack(load(folder), target)]
    from openiads.study.bundle import write

    return [write(folder, target)]


def _run(folder: Path, to: str, out: Path | None) -> list[Path]:
    from openiads.errors import WorkError
    from openiads.plan import plan
    from openiads.results.folder import explained, load
    from openiads.results.running import fight
    from openiads.results.source import reread
    from openiads.show.exports import export as work
    from openiads.show.replay_run import from_run

    known = load(folder)
    if known.manifest["replications"] != 1:
        raise UserError(
            f"{folder}: many replications have no single course of events; fight one with run ... --replication K and export that"
        )
    with progress.stages() as stage:
        stage("fighting again")
        run = fight(plan(reread(known.source)), int(known.manifest["seed"]), 1, int(known.manifest["first"]))
        if run.digest != known.digest:
            raise WorkError(
                f"{folder}: this installation fights another battle from the same inputs (see openiads rerun); run it again and export that"
            )
        stage("writing")
        target = folder / "export" if out is None else out
        with explained(target):
            return work(from_run(run), target, to)
