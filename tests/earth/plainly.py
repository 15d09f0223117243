"""A slow line of sight written plainly: geodesics by PROJ, exact circles instead of the parabola, one profile at a time."""

import math

from pyproj import Geod

EARTH_M = 6371000.0
WGS84 = Geod(ellps="WGS84")


def ground_m(terrain, lat_deg, lon_deg):
    """Bilinear height of the ground."""
    heights = terrain.heights_amsl_m
    row = (lat_deg - terrain.lat0_deg) / terrain.lat_step_deg
    column = (lon_deg - terrain.lon0_deg) / terrain.lon_step_deg
    row = min(max(row, 0.0), heights.shape[0] - 1.0)
    column = min(max(column, 0.0), heights.shape[1] - 1.0)
    r, c = min(math.floor(row), heights.shape[0] - 2), min(math.floor(column), heights.shape[1] - 2)
    y, x = row - r, column - c
    corners = [float(heights[r + i, c + j]) for i in (0, 1) for j in (0, 1)]
    weights = [(1 - y) * (1 - x), (1 - y) * x, y * (1 - x), y * x]
    return sum(w * h for w, h in zip(weights, corners))


def lowest_visible_heights_m(terrain, site_deg, antenna_m, bearing_deg, step_m, columns, k=4 / 3, screen=None):
    """Lowest visible heights above ground at 0, 1, 2... steps along one bearing."""
    radius_m = k * EARTH_M
    eye_m = radius_m + ground_m(terrain, *site_deg) + antenna_m
    obstacles, lows = [], [0.0]
    for j in range(1, columns):
        range_m = j * step_m
        lon, lat, _ = WGS84.fwd(site_deg[1], site_deg[0], bearing_deg, range_m)
        ground = ground_m(terrain, lat, lon)
        angle = range_m / radius_m
        highest = max((rise for at_m, rise in obstacles if at_m < range_m), default=-math.pi / 2)
        if highest > -math.pi / 2:
            seen_m = eye_m * math.cos(highest) / math.cos(highest + angle) - radius_m
            lows.append(max(0.0, seen_m - ground))
        else:
            lows.append(0.0)
        obstacles.append((range_m, elevation_rad(eye_m, radius_m + ground, angle)))
        if screen is not None and (j - 1) * step_m <= screen[1] < range_m:
            lon, lat, _ = WGS84.fwd(site_deg[1], site_deg[0], bearing_deg, screen[1] // step_m * step_m)
            top_m = radius_m + ground_m(terrain, lat, lon) + screen[0]
            obstacles.append((screen[1], elevation_rad(eye_m, top_m, screen[1] / radius_m)))
            seen_m = eye_m * math.cos(obstacles[-1][1]) / math.cos(obstacles[-1][1] + angle) - radius_m
            lows[-1] = max(lows[-1], seen_m - ground)
    return lows


def elevation_rad(eye_m, top_m, angle_rad):
    """Elevation of a point at a geocentric distance and angle, seen from the antenna."""
    return math.atan2(top_m * math.cos(angle_rad) - eye_m, top_m * math.sin(angle_rad))
