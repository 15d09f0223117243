"""Who hears of which radar, as rows, and which feeds search in an engagement radar's stead."""

from openiads.earth import geodesics
from openiads.plan.draft import Draft
from openiads.plan.hierarchy import Hierarchy, Line

RELIEF_M = 30e3  # so near, an acquisition radar searches in an engagement radar's stead


def add_feed(draft: Draft, radar: int, decider: int, line: Line, via: str) -> None:
    """Add the feed of a radar to a decider's picture over a line, passed on by the post ``via`` or directly for ""."""
    draft.feeds.append(
        {
            "radar": radar,
            "picture": decider,
            "delay": draft.laws.add(*line.laws),
            "loss": line.loss,
            "cut_us": line.cut_us,
            "via": draft.decider_of[via] if via else -1,
        }
    )


def add_feeds(draft: Draft, hierarchy: Hierarchy) -> None:
    """Add the feeds of each decider's picture by the radars of the defence."""
    for name, decider in draft.decider_of.items():
        for site, line, via in hierarchy.hears(name):
            for radar in draft.feeding.get(site.name, []):
                add_feed(draft, radar, decider, line, via)


def add_reliefs(draft: Draft) -> None:
    """Say of every feed of an engagement radar which feeds search in its stead.

    Engagement radars look where they are told: what they hold is looked at on demand.  One searches its sector, and feeds its plots
    to a picture, only while no acquisition radar of at least half its range within ``RELIEF_M`` is heard in that picture.
    """
    for feed in draft.feeds:
        feed["relief_first"] = len(draft.reliefs)
        if draft.sensors[int(feed["radar"])].spec.role == "engagement":
            draft.reliefs += [row for row, other in enumerate(draft.feeds) if _relieves(draft, other, feed)]
        feed["relief_count"] = len(draft.reliefs) - feed["relief_first"]


def _relieves(draft: Draft, other: dict[str, float], feed: dict[str, float]) -> bool:
    own, radar = int(feed["radar"]), int(other["radar"])
    return (
        other["picture"] == feed["picture"]
        and draft.sensors[radar].spec.role == "acquisition"
        and draft.radars[radar]["is_feed"] == 0
        and draft.sensors[radar].range_max_m >= 0.5 * draft.sensors[own].range_max_m
        and _apart_m(draft, own, radar) <= RELIEF_M
    )


def _apart_m(draft: Draft, one: int, other: int) -> float:
    place = {name: (lat, lon) for name, lat, lon in draft.places}
    return float(geodesics.inverse(*place[draft.radar_names[one]], *place[draft.radar_names[other]])[0])
