"""KML 2.3 with timed tracks of the Google extension, for Google Earth and every GIS."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

from openiads.show.exports.geojson import collection
from openiads.show.exports.text import epoch, inert, moment
from openiads.show.replay_input import ReplayInput, Samples

KML = "http://www.opengis.net/kml/2.2"
GX = "http://www.google.com/kml/ext/2.2"
_COLOURS = {"hostile": "ff1f4ed9", "friend": "ffe08a2f", "civil": "ff5aa300", "track": "ff3bc6f2", "area": "4d5aa300", "shot": "ffd65c9d"}
_HEIGHTS = "Heights are metres above the WGS84 ellipsoid, given as absolute: they differ from sea level by the geoid height."


def write(replay: ReplayInput, folder: Path) -> list[Path]:
    """Write `battle.kml`."""
    ET.register_namespace("", KML)
    ET.register_namespace("gx", GX)
    root = ET.Element(f"{{{KML}}}kml")
    document = _child(root, "Document")
    _child(document, "name", inert(replay.name))
    _child(document, "description", inert(f"{replay.about} {_HEIGHTS} Positions are illustrative."))
    for name, colour in _COLOURS.items():
        style = _child(document, "Style", id=name)
        _child(_child(style, "LineStyle"), "color", colour)
        _child(_child(style, "PolyStyle"), "color", colour)
    _places(document, replay)
    _paths(document, replay)
    path = folder / "battle.kml"
    ET.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)
    return [path]


def _child(parent: ET.Element, tag: str, text: str | None = None, **attributes: str) -> ET.Element:
    found = ET.SubElement(parent, f"{{{KML}}}{tag}", attributes)
    found.text = text
    return found


def _gx(parent: ET.Element, tag: str, text: str | None = None) -> None:
    ET.SubElement(parent, f"{{{GX}}}{tag}").text = text


def _folder(document: ET.Element, name: str) -> ET.Element:
    folder = _child(document, "Folder")
    _child(folder, "name", name)
    return folder


def _placemark(folder: ET.Element, name: str, about: str, style: str) -> ET.Element:
    mark = _child(folder, "Placemark")
    _child(mark, "name", inert(name))
    _child(mark, "description", inert(about))
    _child(mark, "styleUrl", f"#{style}")
    return mark


def _places(document: ET.Element, replay: ReplayInput) -> None:
    folders = {
        kind: _folder(document, title) for kind, title in (("asset", "Defended"), ("site", "Defence"), ("area", "Areas"), ("shot", "Shots"))
    }
    for feature in collection(replay)["features"]:
        facts, geometry = feature["properties"], feature["geometry"]
        kind = facts["feature"]
        if kind not in folders:
            continue
        name = {"area": f"{facts.get('site')}: {facts.get('label')}", "shot": f"{facts.get('missile')} at {facts.get('object')}"}.get(
            kind, facts.get("name")
        )
        about = ", ".join(
            f"{key} {value}" for key, value in facts.items() if key not in ("feature", "name") and value not in (None, "", [])
        )
        mark = _placemark(folders[kind], str(name), about, kind if kind in _COLOURS else "friend")
        _geometry(mark, geometry)


def _geometry(mark: ET.Element, geometry: dict[str, object]) -> None:
    corners = geometry["coordinates"]
    if geometry["type"] == "Polygon":
        inner = _child(_child(_child(mark, "Polygon"), "outerBoundaryIs"), "LinearRing")
        corners = corners[0]  # type: ignore[index]
    else:
        inner = _child(mark, str(geometry["type"]))
        _child(inner, "altitudeMode", "absolute")
        corners = [corners] if geometry["type"] == "Point" else corners
    _child(inner, "coordinates", " ".join(",".join(repr(value) for value in corner) for corner in corners))  # type: ignore[attr-defined]


def _paths(document: ET.Element, replay: ReplayInput) -> None:
    truth, believed = _folder(document, "What was really there"), _folder(document, "What the defence believed")
    for item in replay.objects:
        about = f"{item.class_name}, {item.side}, {item.outcome}" + (f", why: {item.why}" if item.why else "")
        _track(_placemark(truth, item.name, about, item.side), item.path, replay)
    for track in replay.tracks:
        _track(_placemark(believed, track.name, f"{track.picture} picture", "track"), track.path, replay)


def _track(mark: ET.Element, samples: Samples, replay: ReplayInput) -> None:
    start = epoch(replay)
    track = ET.SubElement(mark, f"{{{GX}}}Track")
    _child(track, "altitudeMode", "absolute")
    for time in samples.time_us.tolist():
        _child(track, "when", moment(start, time))
    for lat, lon, height in zip(
        samples.latitude_deg.tolist(), samples.longitude_deg.tolist(), samples.height_wgs84_m.tolist(), strict=True
    ):
        _gx(track, "coord", f"{lon!r} {lat!r} {height!r}")
