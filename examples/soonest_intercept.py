"""A policy of one's own: each track to the unit that meets it soonest, greatest threat first.

openiads run minsk-2021 --policy examples/soonest_intercept.py --replications 200
"""

import numpy as np

from openiads import Orders, Picture


def decide(picture: Picture) -> Orders:
    """Return one order for each track that some unit can take, as long as channels and rounds last."""
    tracks, units, options = picture.tracks, picture.units, picture.options
    channels = np.minimum(units.free_targets, units.free_missiles)
    rounds = picture.weapons.rounds.copy()
    orders = []
    for track in np.argsort(-tracks.threat):
        able = (options.kill_probability[track] > 0) & (channels > 0)
        if not able.any():
            continue
        unit = int(np.argmin(np.where(able, options.time_to_intercept_s[track], np.inf)))
        weapon = int(options.weapon[track, unit])
        shots = int(min(options.shots_limit[track], rounds[weapon], units.free_missiles[unit]))
        if shots > 0:
            orders.append((int(track), unit, weapon, shots))
            channels[unit] -= 1
            rounds[weapon] -= shots
    return Orders.of(orders)
