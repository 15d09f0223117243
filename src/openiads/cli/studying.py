"""The verbs ``study`` and ``rerun``."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openiads.cli import output, progress
from openiads.errors import UserError

if TYPE_CHECKING:
    from openiads.study.run import Progress


def study(name: str, engine: str, workers: int | None, resume: bool, overrides: tuple[str, ...], out: Path | None, json: bool) -> int:
    """Run a study to its end, write its page, and print the first page."""
    from openiads.study.command import study as work
    from openiads.study.reading import read
    from openiads.study.text import page_lines

    if workers is not None and not 1 <= workers <= 1024:
        raise UserError(f"workers: {workers} is out of range; give a whole number from 1 to 1024")
    if out is None and resume:
        raise UserError("--resume needs the folder to go on with: name it with --out")
    target = out if out is not None else _free(read(name)[0].name)
    with progress.counted("replications") as told:
        found = work(
            name, target, engine=engine, workers=workers, resume=resume, overrides=overrides, progress=_told(told), say=progress.line
        )
    _page(found, target / "study.html")
    if json:
        output.answer(found)
        return 0
    for line in page_lines(found):
        output.say(line)
    output.say(f"Folder: {target} (study.html opens in any browser)")
    return 0


def _free(name: str) -> Path:
    for number in range(1, 100_000):
        found = Path("studies") / (name + (f"-{number}" if number > 1 else ""))
        if not found.exists():
            return found
    raise UserError(f"studies: holds 100,000 studies called {name}; name a folder with --out")


def _told(told: Callable[[int, int, str], None]) -> "Callable[[Progress], None]":
    return lambda far: told(far.done, far.wanted, _so_far(far))


def _so_far(far: "Progress") -> str:
    """Return the time left and the interval of the headline so far, as far as they are known."""
    left = f"{far.left_s / 60:.0f} min left" if 120.0 <= far.left_s < float("inf") else f"{far.left_s:.0f} s left" if far.left_s > 0 else ""
    now = far.interval
    known = "" if now is None else f"{far.about}: {now.estimate:.3g} ({now.low:.3g} to {now.high:.3g}) so far"
    return "; ".join(one for one in (left if far.left_s < float("inf") else "", known) if one)


def _page(found: dict[str, Any], path: Path) -> None:
    """Write the study's page beside its results."""
    from openiads.show.pages import of_study
    from openiads.study.disk import write_whole

    write_whole(path, of_study(found).encode())


def rerun(place: Path, workers: int | None, out: Path | None, json: bool, policy: Path | None = None) -> int:
    """Repeat a run or a study; exit code 1 when its digest is another."""
    found = _run_again(place, workers, out, policy) if _is_run(place) else _study_again(place, workers, out)
    if json:
        output.answer(found)
    else:
        said = "the same digest" if found["digest"] == found["again"] else "another digest"
        output.say(f"{place}: {said} ({found['digest']} before, {found['again']} now)")
        for note in found["notes"]:
            output.say(note)
    return 0 if found["same"] else 1


def _is_run(place: Path) -> bool:
    from openiads.results.folder import is_run

    return is_run(place)


def _study_again(place: Path, workers: int | None, out: Path | None) -> dict[str, Any]:
    from openiads.study.command import rerun as work

    with progress.counted("replications") as told:
        return work(place, out, workers=workers, progress=_told(told))


def _run_again(place: Path, workers: int | None, out: Path | None, policy: Path | None) -> dict[str, Any]:
    from openiads.cli.fighting import Request, fought, kept
    from openiads.results import origin
    from openiads.results.folder import load

    known = load(place)
    manifest, source = known.manifest, known.source
    n = int(manifest["replications"])
    first = int(manifest["first"])
    asked = Request(source.place, int(manifest["seed"]), n, first if n == 1 else None, workers, tuple(source.listed()), policy=policy)
    before = known.answer.get("policy")
    if before is not None and policy is None:
        raise UserError(f"{place}: was fought by the policy {before['name']}; name its file with --policy: code is never run from a folder")
    found = fought(asked)
    notes = [f"the code differs: {manifest['code'][:12]} before"] if manifest["code"] != origin.source_digest() else []
    if (None if before is None else before["digest"]) != (None if found.run.policy is None else found.run.policy.digest):
        notes.append("the policy differs")
    if manifest["catalogue_digest"] != found.run.planned.catalogue.digest:
        notes.append("the catalogue differs")
    folder = None if out is None else str(kept(found, out).folder)
    same = found.run.digest == manifest["digest"]
    return {
        "scenario": manifest["scenario"],
        "digest": manifest["digest"],
        "again": found.run.digest,
        "same": same,
        "folder": folder,
        "notes": notes,
    }
