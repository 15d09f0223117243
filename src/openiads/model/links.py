"""The links of the chain from a first look to a kill: how far any unit came against an object, and which link broke."""

from openiads.kernel import inlined, inner_kernel
from openiads.model import codes
from openiads.model.columns import Table


@inner_kernel
def furthest(flown: Table, i: int, link: int) -> None:
    """Remember the furthest link of the chain that any unit reached against an object."""
    if i >= 0 and flown["furthest"][i] < link:
        flown["furthest"][i] = link


@inlined
def broken_link(planned: Table, flown: Table, i: int) -> int:
    """The link that broke for an object that came through."""
    if flown["firm"][i] == 0:
        furthest(flown, i, missed_link(planned, flown, i))
    link = flown["furthest"][i]
    if flown["blocked"][i] == 1 and link <= codes.OUTSIDE_ENVELOPE:
        link = codes.UNIT_DEAD
    if flown["firm"][i] > 0:
        link = max(link, codes.NO_FIRM_TRACK)
    if link == codes.NOT_IDENTIFIED and flown["cleared"][i] == 1:
        link = codes.NO_TIME
    if flown["blocked"][i] == 2 and link == codes.MISSED:
        link = codes.ASSESSED_DEAD
    return int(link)


@inlined
def missed_link(planned: Table, flown: Table, i: int) -> int:
    """The link that broke for an object that never became a firm track."""
    if planned["visible"][i] == 0:
        return codes.NEVER_VISIBLE
    if flown["hits"][i] > 0:
        return codes.NO_FIRM_TRACK
    if 2 * flown["jammed"][i] > flown["looks"][i]:
        return codes.JAMMED
    return codes.TOO_WEAK
