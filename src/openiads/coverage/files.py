"""Coverage as files: JSON, GeoJSON and KML, each with the assumptions that it rests on."""

import json
import math
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import numpy as np

from openiads.coverage import raster
from openiads.coverage.outlines import Outline, outlines
from openiads.coverage.value import Coverage, Difference, Entry

DIGITS = 4  # of a degree: 11 m
KML_PRODUCTS = ("detection", "firm_track", "engagement")


def write(coverage: Coverage, folder: Path | str) -> list[str]:
    """Write ``coverage.json``, ``coverage.geojson`` and ``coverage.kml`` into a folder and return their names."""
    where = Path(folder)
    where.mkdir(parents=True, exist_ok=True)
    texts = {
        "coverage.json": json.dumps(coverage.to_json(), allow_nan=False),
        "coverage.geojson": json.dumps(geojson(coverage), allow_nan=False),
        "coverage.kml": kml(coverage),
    }
    for name, text in texts.items():
        (where / name).write_text(text, encoding="utf-8")
    return list(texts)


def write_raster(coverage: Coverage, folder: Path) -> tuple[list[str], list[str]]:
    """Write ``coverage.tif`` where the extra allows it; return the names of files and sentences about what was not written."""
    if not raster.is_possible():
        (folder / "coverage.tif").unlink(missing_ok=True)
        return [], [raster.ABSENT]
    raster.write(coverage, folder / "coverage.tif")
    return ["coverage.tif"], []


def geojson(coverage: Coverage) -> dict[str, Any]:
    """Return a feature for each entry that covers anything; properties carry all assumptions."""
    features = []
    for entry in coverage.entries:
        shape = multipolygon(outlines(entry), math.degrees(entry.centre[1]))
        if not shape:
            continue
        told = entry.to_json()
        told.pop("range_by_bearing_m")
        features.append(_feature(coverage, told | {"caption": caption(entry)}, shape))
    for one in coverage.differences:
        for what, rings in (("gained", one.gained), ("lost", one.lost)):
            shape = multipolygon(list(rings), _middle_deg(coverage))
            if shape:
                features.append(_feature(coverage, one.to_json() | {"difference": what, "caption": difference_caption(one, what)}, shape))
    return {
        "type": "FeatureCollection",
        "name": coverage.scenario,
        "assumptions": list(coverage.assumptions),
        "sources": list(coverage.sources),
        "digest": coverage.digest,
        "features": features,
    }


def _feature(coverage: Coverage, told: dict[str, Any], shape: list[list[list[list[float]]]]) -> dict[str, Any]:
    """A feature whose properties carry all assumptions, so that it can be cut out of the file and still be understood."""
    own = {"terrain": coverage.terrain, "assumptions": list(coverage.assumptions), "digest": coverage.digest}
    return {"type": "Feature", "properties": told | own, "geometry": {"type": "MultiPolygon", "coordinates": shape}}


def _middle_deg(coverage: Coverage) -> float:
    return math.degrees(coverage.grid.centre[1]) if coverage.grid is not None else 0.0


def difference_caption(one: Difference, what: str) -> str:
    """Return one line that says what a difference is."""
    area = one.gained_m2 if what == "gained" else one.lost_m2
    return f"{one.product.replace('_', ' ')} {what} {one.title}, against {one.target_class} at {one.height.words}: {area / 1e6:,.0f} km2"


def caption(entry: Entry) -> str:
    """Return one line that says what an outline is."""
    level = "" if entry.level is None else f", probability at least {entry.level:g}"
    who = "whole defence" if entry.site is None else entry.unit
    target = f" against {entry.target_class}" if entry.target_class else ""
    published = f"published range {entry.naive_range_m / 1000:g} km"
    return f"{entry.product.replace('_', ' ')} of {who}{target} at {entry.height.words}{level}; {published}"


def multipolygon(rings: list[Outline], centre_lon_deg: float) -> list[list[list[list[float]]]]:
    """Return closed outlines as the coordinates of a multipolygon, holes cut out, cut where they cross the date line. [deg]"""
    import shapely
    from shapely.geometry.polygon import orient

    whole = shapely.Polygon()
    sized = []
    for lat, lon in rings:
        lon_deg = np.degrees(lon)
        lon_deg = centre_lon_deg + (lon_deg - centre_lon_deg + 180.0) % 360.0 - 180.0
        points = np.column_stack([lon_deg, np.degrees(lat)])
        points = points[np.append(True, np.any(np.diff(points, axis=0) != 0.0, axis=1))]
        if len(points) >= 4:
            made = shapely.Polygon(points)
            sized.append(made if made.is_valid else made.buffer(0.0))
    for one in sorted(sized, key=lambda shape: -float(shape.area)):
        whole = whole.symmetric_difference(one)
    parts = []
    for shift in (-360.0, 0.0, 360.0):
        cut = shapely.clip_by_rect(whole, -180.0 - shift, -90.0, 180.0 - shift, 90.0) if _crosses(whole) or shift == 0.0 else None
        if cut is not None and not cut.is_empty:
            pieces = getattr(cut, "geoms", [cut])
            parts += [(orient(piece), shift) for piece in pieces if piece.geom_type == "Polygon" and piece.area > 0.0]
    return [[_ring(one.exterior.coords, shift), *(_ring(hole.coords, shift) for hole in one.interiors)] for one, shift in parts]


def _crosses(shape: Any) -> bool:
    if shape.is_empty:
        return False
    west, _, east, _ = shape.bounds
    return bool(west < -180.0 or east > 180.0)


def _ring(points: Any, shift: float) -> list[list[float]]:
    found: list[list[float]] = (np.asarray(points) + np.array([shift, 0.0])).round(DIGITS).tolist()
    return found


def kml(coverage: Coverage) -> str:
    """Return the areas of the whole defence and of its units for an earth viewer, dashed circles not included."""
    marks = []
    for entry in coverage.entries:
        if entry.product not in KML_PRODUCTS or (entry.site is not None and entry.product != "engagement"):
            continue
        shape = multipolygon(outlines(entry), math.degrees(entry.centre[1]))
        if not shape:
            continue
        polygons = "".join(
            f"<Polygon><altitudeMode>clampToGround</altitudeMode><outerBoundaryIs>{_kml_ring(part[0])}</outerBoundaryIs>"
            + "".join(f"<innerBoundaryIs>{_kml_ring(hole)}</innerBoundaryIs>" for hole in part[1:])
            + "</Polygon>"
            for part in shape
        )
        words = escape(caption(entry) + ". " + " ".join(coverage.assumptions))
        marks.append(
            f"<Placemark><name>{escape(caption(entry))}</name><visibility>{int(entry.site is None)}</visibility>"
            f"<description>{words}</description><styleUrl>#{entry.product}</styleUrl><MultiGeometry>{polygons}</MultiGeometry></Placemark>"
        )
    said = f"{coverage.about} {'; '.join(coverage.assumptions)}. Sources: {', '.join(coverage.sources)}. Digest {coverage.digest}"
    styles = "".join(
        f'<Style id="{name}"><LineStyle><color>ff{colour}</color><width>2</width></LineStyle>'
        f"<PolyStyle><color>30{colour}</color></PolyStyle></Style>"
        for name, colour in zip(KML_PRODUCTS, ("b27200", "009ee6", "0054d5"), strict=True)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
        f"<name>{escape(coverage.scenario)}</name><description>{escape(said)}</description>{styles}"
        + "\n".join(marks)
        + "</Document></kml>\n"
    )


def _kml_ring(points: list[list[float]]) -> str:
    return "<LinearRing><coordinates>" + " ".join(f"{x},{y},0" for x, y in points) + "</coordinates></LinearRing>"
