"""Checks of geodesics and earth-centred positions."""

import math

from openiads.earth import geodesics, geodesy
from openiads.verify import rows


def inverse(line: list[float], part: str) -> float:
    """Length or azimuths of the geodesic between two places in degrees."""
    found = geodesics.inverse(*(math.radians(value) for value in line))
    if part == "distance":
        return float(found[0])
    return math.degrees(float(found[1] if part == "azimuth1" else found[2]))


def direct(start: list[float], azimuth_deg: float, distance_m: float, part: str) -> float:
    """Latitude or longitude of the end of a geodesic."""
    lat, lon, _ = geodesics.direct(math.radians(start[0]), math.radians(start[1]), math.radians(azimuth_deg), distance_m)
    return math.degrees(float(lat if part == "lat" else lon))


def ecef(place: list[float], part: str) -> float:
    """One earth-centred coordinate of a place."""
    return float(geodesy.to_ecef(math.radians(place[0]), math.radians(place[1]), place[2])["xyz".index(part)])


def geodetic(ecef_m: list[float], part: str) -> float:
    """Latitude, longitude or height of an earth-centred position."""
    lat, lon, height_m = (float(value) for value in geodesy.to_geodetic(ecef_m))
    return {"lat": math.degrees(lat), "lon": math.degrees(lon), "height": height_m}[part]


CHECKS = rows.read("geodesy", globals())
