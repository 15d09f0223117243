"""Progress on standard error: what is being done and for how long, or how much of it is done."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

PATIENCE_S, EVERY_S = 0.7, 10.0
COMPILING = "; kernels compile once for this machine, which takes up to a minute"


class Stage:
    """The words for what is being done now."""

    def __init__(self) -> None:
        """Begin with nothing to say."""
        self.text, self.hint = "", ""

    def __call__(self, text: str) -> None:
        """Say what is done from now on."""
        self.text = text


@contextmanager
def stages() -> Iterator[Stage]:
    """Show the present stage with its seconds: a running line on a terminal, a line every ten seconds elsewhere."""
    stage, ended, began = Stage(), threading.Event(), time.monotonic()
    shower = threading.Thread(target=_show, args=(stage, ended, began), daemon=True)
    shower.start()
    try:
        yield stage
    finally:
        ended.set()
        shower.join(timeout=1.0)


def _show(stage: Stage, ended: threading.Event, began: float) -> None:
    live = sys.stderr.isatty()
    frames, step, written = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏", 0, False
    while not ended.wait((0.12 if written else PATIENCE_S) if live else (EVERY_S if written else 3.0)):
        seconds, written = time.monotonic() - began, True
        line = f"{stage.text}, {seconds:.0f} s{stage.hint}"
        sys.stderr.write(f"\r\x1b[K{frames[step % len(frames)]} {line}" if live else f"{line}\n")
        sys.stderr.flush()
        step += 1
    if live and written:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()


@contextmanager
def bar(total: int, words: str) -> Iterator[Callable[[int], None]]:
    """Show how many of a number of things are done; yields what is to be called with that number."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    screen = Console(stderr=True)
    if not screen.is_terminal:
        yield _lines(total, words)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=screen, transient=True) as progress:
        task = progress.add_task(words, total=total)
        yield lambda done: progress.update(task, completed=done)


@contextmanager
def counted(words: str) -> Iterator[Callable[[int, int, str], None]]:
    """Show how many of a number of things are done where that number changes; yields what is to be called with both and a remark."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    screen = Console(stderr=True)
    if not screen.is_terminal:
        yield _lines(1, words)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[remark]}"),
    )
    with Progress(*columns, console=screen, transient=True) as progress:
        task = progress.add_task(words, total=None, remark="")
        yield lambda done, total, remark: progress.update(task, completed=done, total=total, remark=remark)


def line(text: str) -> None:
    """Say a sentence beside the progress."""
    from openiads.cli.output import clean

    sys.stderr.write(clean(text) + "\n")


def _lines(total: int, words: str) -> Callable[..., None]:
    last = time.monotonic()

    def told(done: int, total: int = total, remark: str = "") -> None:
        """Write how far the work is, unless a line came a moment ago."""
        nonlocal last
        if time.monotonic() - last >= EVERY_S:
            last = time.monotonic()
            sys.stderr.write(f"{words}: {done:,} of {total:,} ({100 * done // max(total, 1)} %){'; ' * bool(remark)}{remark}\n")
            sys.stderr.flush()

    return told
