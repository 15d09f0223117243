"""What a report says of the defences themselves: worked out in a thread of its own while the battles are fought."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, NamedTuple

from openiads.study.alternatives import Alternative
from openiads.study.by_hand import pages
from openiads.study.reach import reaches

if TYPE_CHECKING:
    from openiads.catalogue import Catalogue
    from openiads.hand import Hand
    from openiads.scenario import Scenario


class Defences(NamedTuple):
    """What is known of the defences of a study without a battle: how far they reach, and the arithmetic by hand of each."""

    reach: list[dict[str, Any]]
    pages: "dict[str, Hand]"


class Aside:
    """One thread, and what it was asked for."""

    def __init__(self, scenarios: "Callable[[Sequence[Alternative]], tuple[Mapping[str, Scenario], Catalogue]]") -> None:
        """Prepare.

        Parameters
        ----------
        scenarios : callable
            Reads the scenarios of alternatives, by name, and the catalogue they are fought with.
        """
        self._scenarios, self._pool, self._asked = scenarios, ThreadPoolExecutor(1), list[Alternative]()
        self._found: Future[Defences] | None = None

    def begin(self, alternatives: list[Alternative]) -> None:
        """Start on the alternatives that a report will show side by side, as far as they are known yet."""
        self._asked, self._found = alternatives, self._pool.submit(self._work, alternatives)

    def of(self, alternatives: list[Alternative]) -> Defences:
        """Return what was found, or find it now where a study came to other alternatives than it began with."""
        if self._found is not None and alternatives == self._asked:
            return self._found.result()
        return self._work(alternatives)

    def stop(self) -> None:
        """Let the thread go, whatever it is at."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _work(self, alternatives: Sequence[Alternative]) -> Defences:
        scenarios, catalogue = self._scenarios(alternatives)
        return Defences(reaches(scenarios, catalogue), pages(scenarios, catalogue))
