"""Layers of the common grid for raster files: the lowest visible height, how many sites see and engage, and what limits it."""

import numpy as np

from openiads.catalogue.specs import TargetSpec
from openiads.coverage.plane import Plane
from openiads.coverage.value import FACTORS, Height, Layer
from openiads.coverage.whole import Union
from openiads.coverage.work import Work
from openiads.earth.mask import Mask

HIDDEN = 65_535  # of a layer of heights: nothing there can be seen
COUNTED = {
    "detection": "sites that detect with one scan at 0.5 or better",
    "firm_track": "sites with a firm track at 0.5 or better",
    "engagement": "sites that can make an intercept at 0.5 or better",
}


def masks(work: Work, plane: Plane) -> tuple[Layer, ...]:
    """Return the lowest height above ground at which any radar of the defence sees a target, with and without the sites' screens."""
    made = []
    for name, words in (("lowest_visible_height", "with screens"), ("lowest_visible_height_without_screens", "without screens")):
        lowest = np.full(plane.area_m2.shape, HIDDEN, np.uint16)
        for beam in work.beams:
            mask = beam.sensor.mask if name == "lowest_visible_height" else beam.open_mask
            heights, range_m = _whole_metres(mask, beam.sensor.range_max_m)
            window, found = plane.spread(beam.place, range_m, heights, beam.sector(), HIDDEN)
            lowest[window] = np.minimum(lowest[window], found)
        made.append(Layer(name, f"m above ground, any radar, {words}; {HIDDEN}: nothing is seen", lowest))
    return tuple(made)


def _whole_metres(mask: Mask, far_m: float) -> tuple[np.ndarray, np.ndarray]:
    """Lowest visible heights rounded up to metres (rows, ranges), from the first range outward, with the ranges."""
    columns = min(int(far_m / mask.range_step_m), mask.lowest_visible_height_agl_m.shape[1] - 1)
    low = mask.lowest_visible_height_agl_m[:, 1 : columns + 1]
    return np.minimum(np.ceil(low), HIDDEN - 1).astype(np.uint16), np.arange(1, columns + 1) * mask.range_step_m


def of(joined: dict[str, Union], target: TargetSpec, height: Height) -> list[Layer]:
    """Return the layers of a class and height: sites by product, and the limiting factor of what is not covered."""
    at = f"{target.name}@{height.value_m:g}m-{height.datum}"
    against = f"against {target.name} at {height.words}"
    made = [Layer(f"sites:{name}:{at}", f"{words} {against}", joined[name].sites) for name, words in COUNTED.items() if name in joined]
    codes = ", ".join(f"{i + 1} {name}" for i, name in enumerate(FACTORS))
    made += [
        Layer(f"limit:{name}:{at}", f"what limits {name} {against}; 0 covered, {codes}", joined[name].factor)
        for name in ("detection", "engagement")
        if name in joined
    ]
    return made
