"""The verbs with their arguments; what they do is imported when they are called."""

import contextlib
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

import cyclopts
from cyclopts import App, Parameter

from openiads.cli import VERBS
from openiads.errors import UserError

Out = Annotated[Path | None, Parameter(name="--out", help="Folder to write into; new, empty or an earlier one of the same kind.")]
Json = Annotated[bool, Parameter(name="--json", negative=(), help="Print the answer as JSON on standard output.")]
Sets = Annotated[
    list[str] | None,
    Parameter(name="--set", consume_multiple=True, negative=(), help="PATH=VALUE: change the scenario, for example drones-1.count=40."),
]
Workers = Annotated[int | None, Parameter(name="--workers", help="Cores to use; all of them when left out.")]

app = App(name="openiads", version_flags=[], help_flags=["--help", "-h"], help="Ground-based air defence, from public figures.")


def obey(words: list[str]) -> int:
    """Parse and run one command; returns the exit code."""
    with contextlib.suppress(ValueError):  # only the main thread hears signals
        signal.signal(signal.SIGTERM, _stopped)
    try:
        command, bound, _ = app.parse_args(words, exit_on_error=False, print_error=False, help_on_error=False)
        code = command(*bound.args, **bound.kwargs)
        sys.stdout.flush()
        return int(code or 0)
    except cyclopts.CycloptsError as error:
        return _say(
            f"{str(error).strip()}\nopeniads {words[0] if words[0] in VERBS else ''} --help lists what can be asked.".replace("  ", " "), 2
        )
    except UserError as error:
        return _say(str(error), error.exit_code)
    except KeyboardInterrupt:
        return _say("\nstopped: nothing half-written was left behind", 1)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except MemoryError:
        return _say("this needs more memory than there is: lower the replications, the counts of the raid or --workers", 1)


def _stopped(*_: object) -> None:
    raise KeyboardInterrupt


def _say(text: str, code: int) -> int:
    from openiads.cli.output import clean

    sys.stderr.write("\n".join(clean(line) for line in text.splitlines()) + "\n")
    return code


def _verb(function: Callable[..., int]) -> Callable[..., int]:
    return app.command(function, name=function.__name__, help=VERBS[function.__name__] + ".")


@_verb
def demo(*, out: Out = None, json: Json = False) -> int:
    """Fight the shipped scenario with its own seed."""
    from openiads.cli.fighting import Request, fight

    return fight(Request("minsk-2021", out=out, json=json))


@_verb
def run(
    scenario: str,
    /,
    *,
    seed: Annotated[int | None, Parameter(help="Seed of all draws; the scenario's own when left out.")] = None,
    replications: Annotated[int, Parameter(help="How often to fight it.")] = 1,
    replication: Annotated[int | None, Parameter(help="Fight only this replication of a larger run (numbers start at 0).")] = None,
    workers: Workers = None,
    set_: Sets = None,
    sweep: Annotated[str | None, Parameter(help="PATH=V1,V2,...: one run for each value, on the same random numbers.")] = None,
    policy: Annotated[Path | None, Parameter(help="Python file whose decide(picture) chooses the orders; its code is run.")] = None,
    gaps: Annotated[bool, Parameter(negative=(), help="Record the battle's assignment problems; state each heuristic's gap.")] = False,
    believed: Annotated[
        list[str] | None, Parameter(negative=(), help="OBJECT: say why each shot at it was fired, with the evidence of that moment.")
    ] = None,
    out: Out = None,
    json: Json = False,
) -> int:
    """Fight a scenario, shipped or from a file."""
    from openiads.cli.fighting import Request, fight

    asked = Request(
        scenario, seed, replications, replication, workers, tuple(set_ or ()), sweep, out, json, policy, gaps, tuple(believed or ())
    )
    return fight(asked)


@_verb
def check(file: str, /, *, json: Json = False) -> int:
    """Say every problem of a scenario file."""
    from openiads.cli.looking import check as work

    return work(file, json)


@_verb
def catalogue(name: str | None = None, /, *, json: Json = False) -> int:
    """Print the catalogue."""
    from openiads.cli.looking import catalogue as work

    return work(name, json)


@_verb
def verify(
    *,
    module: Annotated[
        list[str] | None, Parameter(name="--module", negative=(), help="Only the cases of this module; may be repeated.")
    ] = None,
    long: Annotated[bool, Parameter(negative=(), help="Run the slow cases too.")] = False,
    json: Json = False,
) -> int:
    """Check this installation against published cases."""
    from openiads.cli.looking import verify as work

    return work(module, long, json)


def _list(name: str, help: str) -> Parameter:
    return Parameter(name=name, consume_multiple=True, negative=(), help=help)


@_verb
def cover(
    scenario: str,
    /,
    *,
    altitude: Annotated[list[str] | None, _list("--altitude", "50m (above ground) or 9km-amsl; may be repeated.")] = None,
    target: Annotated[list[str] | None, _list("--target", "Target classes.")] = None,
    product: Annotated[list[str] | None, _list("--product", "detection, firm_track, engagement, kinematic, ...")] = None,
    course: Annotated[float | None, Parameter(help="Course of the target [deg]; straight towards each sensor when left out.")] = None,
    terrain: Annotated[list[str] | None, _list("--terrain", "Elevation files, in place of the scenario's.")] = None,
    jamming: Annotated[
        str, Parameter(help="none, scenario (its jammers radiate from their stations) or margin-0 (and no radar has a margin).")
    ] = "none",
    perimeter: Annotated[str | None, Parameter(help="Distance from the assets within which the ground counts as defended; 30km.")] = None,
    add: Annotated[
        list[str] | None,
        _list("--add", "One more mast, sensor or unit, and what it gains: pantsir-s1@LAT,LON or mast:SITE/RADAR=24m; may be repeated."),
    ] = None,
    versus: Annotated[str | None, Parameter(help="A second scenario to compare with.")] = None,
    versus_set: Annotated[
        list[str] | None, _list("--versus-set", "PATH=VALUE: changes that make the second scenario, of --versus or of the same.")
    ] = None,
    set_: Sets = None,
    out: Out = None,
    json: Json = False,
) -> int:
    """Say what a defence really covers."""
    from openiads.cli.covering import cover as work
    from openiads.coverage.command import Asked

    asked = Asked(
        scenario, altitude or (), target or (), product or (), course, terrain or (), tuple(set_ or ()), jamming, perimeter, add or (),
        versus, versus_set or (),
    )  # fmt: skip
    return work(asked, out, json)


@_verb
def study(
    study: str,
    /,
    *,
    engine: Annotated[str, Parameter(help="local, or dask://HOST:PORT.")] = "local",
    workers: Workers = None,
    resume: Annotated[bool, Parameter(negative=(), help="Go on with what the folder holds.")] = False,
    set_: Annotated[
        list[str] | None,
        _list("--set", "PATH=VALUE: change the study, for example replications=50, or the scenario of every alternative."),
    ] = None,
    out: Out = None,
    json: Json = False,
) -> int:
    """Answer the question of a study, shipped or from a file."""
    from openiads.cli.studying import study as work

    return work(study, engine, workers, resume, tuple(set_ or ()), out, json)


@_verb
def show(folder: Path, /, *, port: Annotated[int, Parameter(help="Port on this machine; a free one when left out.")] = 0) -> int:
    """Open a folder of results in the browser."""
    from openiads.cli.showing import show as work

    return work(folder, port)


@_verb
def export(
    folder: Path,
    /,
    *,
    to: Literal["geojson", "kml", "czml", "csv", "parquet", "cdf", "acmi", "bundle"],
    out: Out = None,
    json: Json = False,
) -> int:
    """Write a run, or a study as a bundle, for other tools."""
    from openiads.cli.showing import export as work

    return work(folder, to, out, json)


@_verb
def rerun(
    folder: Path,
    /,
    *,
    workers: Workers = None,
    policy: Annotated[Path | None, Parameter(help="The Python file whose policy fought the run.")] = None,
    out: Out = None,
    json: Json = False,
) -> int:
    """Repeat a run or a study and compare digests."""
    from openiads.cli.studying import rerun as work

    return work(folder, workers, out, json, policy)
