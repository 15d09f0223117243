"""What does the chunks: worker processes here, this process, or a Dask cluster."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import Protocol

from openiads.errors import UserError
from openiads.study.job import Chunk, Job
from openiads.study.leases import SetAside
from openiads.study.local import InlineEngine, LocalEngine, Record


class Engine(Protocol):
    """Anything that does chunks and hands each to ``record``, once."""

    def run(self, wanted: Iterable[Chunk], record: Record, done: int = 0) -> list[SetAside]:
        """Do all ranges; ``done`` replications of the study were finished before."""
        ...


EngineMaker = Callable[[Job], AbstractContextManager[Engine]]


def engine_maker(engine: str, workers: int | None) -> EngineMaker:
    """Return what makes the engine that a user names.

    Raises
    ------
    UserError
        For an engine that does not exist.
    """
    if engine == "local":
        return lambda job: LocalEngine(job, workers)
    if engine == "inline":
        return InlineEngine
    if engine.startswith("dask://"):
        from openiads.study.dask_engine import DaskEngine

        return lambda job: DaskEngine(job, engine.removeprefix("dask://"))
    raise UserError(f'--engine {engine}: there is no such engine; write "local" or "dask://HOST:PORT"')
