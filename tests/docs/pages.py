"""The examples in the documentation: what a page shows against what the command prints now.

A page marks what a command printed, as text or as Markdown of its own:

    <!-- example: openiads demo --out {folder} | until Hand model -->
    ...
    <!-- end -->

``python -m tests.docs.pages`` puts the present output into every page; ``example slow`` is compared by the slow tests.
"""

import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
MARK = re.compile(
    r"(?P<head><!-- example(?P<slow> slow)?: (?P<command>[^|\n]+?)(?: \| until (?P<until>[^\n]+?))? -->\n)(?P<body>.*?)<!-- end -->",
    re.DOTALL,
)


class Example(NamedTuple):
    """One marked output of a page."""

    page: Path
    command: str
    until: str | None
    slow: bool
    shown: str


def examples() -> list[Example]:
    """Return the marked outputs of all pages."""
    return [
        Example(page, one["command"], one["until"], bool(one["slow"]), one["body"])
        for page in PAGES
        for one in MARK.finditer(page.read_text(encoding="utf-8"))
    ]


def present(command: str, until: str | None) -> str:
    """Return what a command prints now, as it stands on a page."""
    program, *words = shlex.split(command)
    assert program in ("openiads", "python"), f"a page runs openiads or python, not {program}"
    env = {**os.environ, "COLUMNS": "118", "NO_COLOR": "1"}
    with tempfile.TemporaryDirectory() as folder:
        line = [sys.executable, *(["-m", "openiads"] if program == "openiads" else [])]
        line += [word.replace("{folder}", f"{folder}/run") for word in words]
        done = subprocess.run(line, cwd=ROOT, env=env, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, f"{command}: exit {done.returncode}\n{done.stderr}"
    text = done.stdout if until is None else done.stdout.split(until)[0]
    text = "\n".join(each.rstrip() for each in text.rstrip().splitlines()) + "\n"
    return text if program == "python" else f"```text\n{text}```\n"


def main() -> None:
    """Write the present output of every example into its page."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        page.write_text(MARK.sub(lambda one: one["head"] + present(one["command"], one["until"]) + "<!-- end -->", text), encoding="utf-8")


if __name__ == "__main__":
    main()
