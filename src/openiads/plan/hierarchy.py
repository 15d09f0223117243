"""Who commands whom and who hears of what: command post, battalion, battery, vehicle, and the lines between them."""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from openiads.catalogue import Catalogue
from openiads.model import codes
from openiads.model.columns import FAR_FUTURE_US, LEVELS
from openiads.plan.laws import fixed
from openiads.scenario.models import Scenario
from openiads.scenario.quantities import TimeLaw
from openiads.scenario.sites import Site


class Line(NamedTuple):
    """A way for messages between two sites, over as many links as lie between them."""

    laws: tuple[TimeLaw, ...]
    loss: float
    cut_us: int


HERE = Line((), 0.0, FAR_FUTURE_US)


def given(value: float | None, catalogue: Catalogue, figure: str) -> float:
    """Return what a scenario says, or the catalogue's figure of doctrine where it says nothing."""
    return catalogue.doctrine(figure).value if value is None else value


def law(written: TimeLaw | None, catalogue: Catalogue, figure: str) -> TimeLaw:
    """Return the law that a scenario states, or the catalogue's time without spread."""
    return fixed(catalogue.doctrine(figure).value) if written is None else written


class Hierarchy:
    """The chain of command of a scenario."""

    def __init__(self, scenario: Scenario, catalogue: Catalogue) -> None:
        """Read the sites and links of a scenario."""
        self._scenario, self._catalogue = scenario, catalogue
        self.sites = {site.name: site for site in scenario.sites}
        self.posts = [site.name for site in scenario.sites if site.role != "sensor"]

    def above(self, name: str) -> list[str]:
        """Return the posts above a site, nearest first."""
        found, site = [], self.sites[name]
        while site.command is not None:
            found.append(site.command)
            site = self.sites[site.command]
        return [post for post in found if self.sites[post].role != "sensor"]

    def below(self, name: str) -> Iterator[Site]:
        """Yield a site and every site under it."""
        for site in self._scenario.sites:
            if site.name == name or name in self.above(site.name):
                yield site

    def line(self, sender: str, receiver: str) -> Line:
        """Return the way along the chain of command from one site to another that is above or below it."""
        if sender == receiver:
            return HERE
        up = receiver in self.above(sender)
        low, high = (sender, receiver) if up else (receiver, sender)
        steps = [low, *self.above(low)]
        steps = steps[: steps.index(high) + 1] if high in steps else [low, high]
        made = HERE
        for under, over in pairwise(steps):
            laws, loss, cut_us = self._link(under, over) if up else self._link(over, under)
            made = Line((*made.laws, *laws), 1.0 - (1.0 - made.loss) * (1.0 - loss), min(made.cut_us, cut_us))
        return made

    def _link(self, sender: str, receiver: str) -> Line:
        catalogue = self._catalogue
        for link in self._scenario.links:
            ends = {link.sender, link.receiver}
            if ends == {sender, receiver} and (not link.one_way or link.sender == sender):
                cut_us = FAR_FUTURE_US if link.cut_at_s is None else round(link.cut_at_s * 1e6)
                return Line((law(link.delay, catalogue, "links.delay"),), given(link.loss, catalogue, "links.loss"), cut_us)
        return Line((law(None, catalogue, "links.delay"),), given(None, catalogue, "links.loss"), FAR_FUTURE_US)

    def levels(self, name: str) -> list[tuple[str, str, int, Line]]:
        """Return who commands a unit, while all lives first: (decider, post whose loss ends it, mode, line of the orders).

        Central: the highest post.  Delegated: the posts directly under it, each for itself and what is below.  Autonomous: the unit.
        Each falls back on the next post down, and last on the unit itself.
        """
        chain = [*reversed(self.above(name)), name]
        mode, alone = self._scenario.doctrine.mode, (name, name, codes.MODE_AUTONOMOUS, HERE)
        if mode == "autonomous" or len(chain) == 1:
            return [alone]
        if mode == "central":
            found = [(chain[0], chain[0], codes.MODE_CENTRAL, self.line(chain[0], name))]
            found += [(post, post, codes.MODE_DELEGATED, self.line(post, name)) for post in chain[1:-1]]
        else:
            order = self.line(chain[1], name)
            together = order._replace(cut_us=min(order.cut_us, self.line(chain[0], chain[1]).cut_us))
            found = [(chain[1], chain[0], codes.MODE_DELEGATED, together)]
            found += [(post, post, codes.MODE_AUTONOMOUS, self.line(post, name)) for post in chain[1:-1]]
        return [*found[: LEVELS - 1], alone]

    def hears(self, decider: str) -> Iterator[tuple[Site, Line, str]]:
        """Yield the sites whose radars a decider's picture is fed by, the way, and the post that passes it on or ""."""
        for site in self.below(decider):
            yield site, self.line(site.name, decider), ""
        if self._scenario.doctrine.mode == "delegated":
            for post in self.above(decider):
                yield self.sites[post], self.line(post, decider), post
