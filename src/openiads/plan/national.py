"""The national air picture as rows: an external track feed enters as a sensor that sees what flies above its floor."""

import math

from openiads.catalogue import Catalogue
from openiads.chance import entity_key
from openiads.earth.mask_cache import cached_mask
from openiads.earth.terrain import smooth
from openiads.model.columns import FAR_FUTURE_US
from openiads.model.tracking.sight import coverage
from openiads.plan.draft import Draft
from openiads.plan.feeds import add_feed
from openiads.plan.hierarchy import Hierarchy, Line
from openiads.plan.laws import fixed
from openiads.plan.looks import Sensor
from openiads.plan.losses import level
from openiads.plan.radars import detector
from openiads.scenario.models import Scenario

FEED_RANGE_M = 700e3


def add_national(draft: Draft, scenario: Scenario, catalogue: Catalogue, centre_rad: tuple[float, float], hierarchy: Hierarchy) -> None:
    """Add the external track feed over the scenario's centre, and who hears of it."""
    picture = scenario.picture
    if picture.feed == "standalone" or not draft.deciders:
        return
    row = _sensor(draft, scenario, catalogue, centre_rad)
    feed = catalogue.feed(picture.feed)
    own = picture.delay if picture.delay is not None else fixed(feed.delay_s)
    loss = picture.loss if picture.loss is not None else feed.loss
    for name, decider in draft.decider_of.items():
        above = hierarchy.above(name)
        if not above or scenario.doctrine.mode == "autonomous":
            add_feed(draft, row, decider, Line((own,), loss, FAR_FUTURE_US), "")
        elif scenario.doctrine.mode == "delegated":
            line = hierarchy.line(above[-1], name)
            whole = Line((own, *line.laws), 1.0 - (1.0 - loss) * (1.0 - line.loss), line.cut_us)
            add_feed(draft, row, decider, whole, above[-1])


def _sensor(draft: Draft, scenario: Scenario, catalogue: Catalogue, centre_rad: tuple[float, float]) -> int:
    picture = scenario.picture
    feed = catalogue.feed(picture.feed)
    model = catalogue.radar("generic-sensors", "generic-vhf")
    sees = coverage(*centre_rad, 0.0, max_range_m=FEED_RANGE_M, k_factor=0.0)
    open_sky = cached_mask(smooth(), centre_rad, 30e3, max_range_m=FEED_RANGE_M, step_m=1000.0)
    floor_m = picture.floor_agl_m if picture.floor_agl_m is not None else feed.coverage_floor_agl_m
    error_m = picture.error_m if picture.error_m is not None else feed.position_error_m
    period_us = round((picture.interval_s if picture.interval_s is not None else feed.period_s) * 1e6)
    row = len(draft.radars)
    draft.radar_names.append(picture.feed)
    draft.radar_types.append(picture.feed)
    draft.places.append((picture.feed, *centre_rad))
    draft.sensors.append(
        Sensor(
            model, level(model, 10.0, FEED_RANGE_M, scenario.environment), open_sky, sees, FEED_RANGE_M,
            period_us, floor_m, feed.report_probability, False, False,
        )
    )  # fmt: skip
    draft.radars.append(
        {
            "key": entity_key(f"feed/{picture.feed}"), "unit": -1, "site": -1, "period_us": period_us, "half_sector_rad": math.pi,
            "range_max_m": FEED_RANGE_M, "elevation_max_rad": 1.6, "error_range_m": error_m,
            "error_azimuth_rad": error_m / 150e3, "error_elevation_rad": feed.height_error_m / 150e3,
            "beam_azimuth_rad": 1.0, "beam_elevation_rad": 1.0, "sidelobe_db": -60.0, "margin_db": 200.0,
            "detector": detector(draft, model), "availability": 1.0, "emits": 0, "blink_shift_us": -1, "is_feed": 1,
        }
    )  # fmt: skip
    return row
