"""The command line: one verb an arrow of the flow.

``main`` is the entry point.  The list of verbs is printed from the table here, without importing anything else; every other import
waits until a verb needs it.
"""

import sys
from collections.abc import Sequence

VERBS = {
    "demo": "Fight the shipped scenario minsk-2021 and print what happened",
    "run": "Fight a scenario once or many times",
    "cover": "Say what a defence really covers, against what, at which height",
    "study": "Answer a question with many replications, comparisons and unknowns",
    "show": "Open a folder of results in the browser",
    "export": "Write a run in a format of other tools, or pack a run or study",
    "check": "Say everything that is wrong in a scenario file",
    "catalogue": "List the catalogue, or the figures of one part with their sources",
    "verify": "Check this installation against published cases",
    "rerun": "Repeat a run or study from its folder and compare digests",
}
HEAD = """openiads: ground-based air defence at mission level, from public figures.

Usage: openiads VERB [ARGUMENTS] [OPTIONS]
"""
FOOT = """
openiads VERB --help lists the options of a verb.  Exit codes: 0 done, 1 the work failed or a check did not hold,
2 the request was wrong.  Results go to standard output, progress and errors to standard error.
"""


def main(words: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; mistakes of the user become one message, never a traceback."""
    asked = list(sys.argv[1:] if words is None else words)
    if not asked or asked[0] in ("--help", "-h", "help"):
        width = max(map(len, VERBS))
        lines = "".join(f"  {name:<{width}}  {text}\n" for name, text in VERBS.items())
        sys.stdout.write(f"{HEAD}\n{lines}{FOOT}")
        return 0
    if asked[0] in ("--version", "-V"):
        from importlib.metadata import version

        sys.stdout.write(f"openiads {version('openiads')}\n")
        return 0
    ready()
    from openiads.cli.verbs import obey

    return obey(asked)


def ready() -> None:
    """Make the many imports of a verb quick: fewer passes over what stays, and bytecode kept where it would be thrown away.

    Where Python is told to write no bytecode beside the sources and none lies there, a verb would compile a thousand files each time; it
    then goes to the cache folder.
    """
    import os
    from importlib.util import find_spec
    from pathlib import Path

    from openiads.machine import collect_rarely

    collect_rarely()
    spec = find_spec("numba")
    if not sys.dont_write_bytecode or sys.pycache_prefix or (spec and spec.cached and Path(spec.cached).exists()):
        return
    try:
        home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    except RuntimeError:  # no home folder can be named
        return
    root = Path(os.environ.get("OPENIADS_CACHE_DIR") or Path(home) / "openiads")
    sys.pycache_prefix = os.environ["PYTHONPYCACHEPREFIX"] = str(root / "bytecode")
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
