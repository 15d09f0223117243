"""Recorded flights: readers with located errors, faults planted and found, smoothing against truth and against real files."""

import gzip
import json
import math
from pathlib import Path

import numpy as np
import pytest

from openiads.errors import UserError
from openiads.kernel import plain
from openiads.model import faults, imported, motion, recorded, trajectory

ADSB = Path(__file__).parents[2] / "../shared/data/adsb"


def flown(tmp_path: Path, noise_m: float = 0.0, **changes: object) -> tuple[imported.Recording, trajectory.Trajectory]:
    """A flight of half an hour with a turn, reported every 5 s, with noise and planted changes."""
    route = [
        motion.Waypoint(math.radians(lat), math.radians(lon), height, 200.0)
        for lat, lon, height in ((54.0, 25.0, 3e3), (54.0, 27.0, 9e3), (55.0, 28.0, 9e3))
    ]
    truth = motion.fly(route, motion.Agility(5.0, 12.0, 12.0))
    rng = np.random.default_rng(1)
    rows = []
    for i in range(0, truth.time_s.size - 1, 5):
        lat = math.degrees(truth.lat_rad[i]) + rng.normal() * noise_m / 111e3
        lon = math.degrees(truth.lon_rad[i]) + rng.normal() * noise_m / 65e3
        rows.append(
            {
                "timestamp": 1.6e9 + float(truth.time_s[i]),
                "icao24": "004567",
                "latitude": lat,
                "longitude": lon,
                "altitude": truth.height_amsl_m[i] / 0.3048,
            }
        )
    for index, row in changes.get("rows", {}).items():  # type: ignore[attr-defined]
        rows[index].update(row)
    if "drop" in changes:
        rows = [row for k, row in enumerate(rows) if k not in changes["drop"]]  # type: ignore[operator]
    path = tmp_path / "flight.json"
    path.write_text(json.dumps(rows))
    return imported.read(path)[0], truth


def test_the_three_formats_say_the_same(tmp_path: Path) -> None:
    one, _ = flown(tmp_path)
    lines = ["time,icao24,lat,lon,altitude"]
    lines += [
        f"{float(t)!r},004567,{math.degrees(a)!r},{math.degrees(o)!r},{float(h) / 0.3048!r}" for t, a, o, h in zip(*one[2:6], strict=True)
    ]
    (tmp_path / "flight.csv").write_text("\n".join(lines))
    points = [[math.degrees(o), math.degrees(a), h] for a, o, h in zip(*one[3:6], strict=True)]
    feature = {
        "type": "Feature",
        "properties": {"callsign": "X", "times": one.time_s.tolist()},
        "geometry": {"type": "LineString", "coordinates": points},
    }
    (tmp_path / "flight.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    with gzip.open(tmp_path / "again.json.gz", "wt") as file:
        file.write((tmp_path / "flight.json").read_text())
    for name in ("flight.csv", "flight.geojson", "again.json.gz"):
        (found,) = imported.read(tmp_path / name)
        assert np.allclose(found.time_s, one.time_s)
        assert np.allclose(found.lat_rad, one.lat_rad, atol=1e-12)
        assert np.allclose(found.altitude_m, one.altitude_m)
    assert one.name == "004567"
    assert one.is_pressure
    assert not imported.read(tmp_path / "flight.geojson")[0].is_pressure


def test_several_flights_and_iso_times(tmp_path: Path) -> None:
    path = tmp_path / "two.csv"
    path.write_text(
        "timestamp,callsign,latitude,longitude,height_m\n2024-01-01T00:00:00Z,A,54,25,100\n2024-01-01T00:00:00Z,B,55,25,100\n2024-01-01T00:00:10Z,A,54.01,25,110\n"
    )
    one, other = imported.read(path)
    assert (one.name, other.name, one.rows, other.rows) == ("A", "B", 2, 1)
    assert one.time_s[1] - one.time_s[0] == 10.0
    with pytest.raises(UserError, match="fewer than two"):
        recorded.trajectory(other)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.csv", "", "no rows"),
        ("a.csv", "time,lat,lon\n", "no rows"),
        ("a.csv", "time,lat\n1,2\n", "longitude"),
        ("a.csv", "time,lat,lon\n1,54,25\n2,north,25\n", r"a\.csv:3: column 'lat'"),
        ("a.csv", "time,lat,lon\n1,54,25\n1,54,25\n", r"a\.csv:3: column 'time'"),
        ("a.csv", "time,lat,lon\n5,54,25\n1,54,25\n", "not after the row before"),
        ("a.csv", "time,lat,lon\nnoon,54,25\n", "ISO 8601"),
        ("a.csv", "time,lat,lon\n1,154,25\n", "beyond 90"),
        ("a.csv", "time,lat,lon\n1,,\n", "no position"),
        ("a.json", "[1, 2]", "row 1"),
        ("a.json", "[{]", r"a\.json:1:3"),
        ("a.json", '"text"', "list of rows"),
        ("a.json", '[{"time": 1, "lat": true, "lon": 3}]', "number is expected"),
        ("a.geojson", '{"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": {"type": "Polygon"}}]}', "feature 1"),
        (
            "a.geojson",
            '{"type": "Feature", "properties": {"times": [1]}, "geometry": {"type": "LineString", "coordinates": [[1, 2], [3, 4]]}}',
            "one time a point",
        ),
        ("a.geojson", '{"type": "Topology"}', "neither"),
        ("a.kml", "<kml/>", r"\.csv, \.geojson"),
    ],
)
def test_bad_files_are_refused_with_their_place(tmp_path: Path, name: str, text: str, words: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(UserError, match=words):
        imported.read(tmp_path / name)


def test_absent_and_broken_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no such track file"):
        imported.read(tmp_path / "none.csv")
    (tmp_path / "bad.json.gz").write_bytes(b"no gzip")
    with pytest.raises(UserError, match="cannot be read"):
        imported.read(tmp_path / "bad.json.gz")
    (tmp_path / "bad.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UserError, match="UTF-8"):
        imported.read(tmp_path / "bad.csv")


def test_a_clean_flight_has_no_faults_and_is_met(tmp_path: Path) -> None:
    recording, truth = flown(tmp_path)
    assert faults.faults(recording) == []
    found = recorded.trajectory(recording, start_s=0.0, step_s=1.0)
    there, _ = trajectory.states(truth, found.time_s)
    assert np.median(np.linalg.norm(found.position_ecef_m - there, axis=1)) < 150.0
    assert np.abs(found.height_amsl_m - np.interp(found.time_s, truth.time_s, truth.height_amsl_m)).max() < 150.0


def test_smoothing_beats_differentiated_positions(tmp_path: Path) -> None:
    recording, _ = flown(tmp_path, noise_m=100.0)
    smoothed = recorded.smooth(recording)
    raw = faults._steps_m(recording) / np.diff(recording.time_s)
    assert np.median(np.abs(smoothed.ground_speed_mps - 200.0)) < 0.3 * np.median(np.abs(raw - 200.0))


def test_planted_faults_are_found(tmp_path: Path) -> None:
    shifted = {k: {"latitude": 57.0} for k in range(100, 120)}
    recording, _ = flown(tmp_path, rows={30: {"latitude": 50.0}, 50: {"altitude": 90_000.0}, **shifted}, drop=set(range(150, 200)))
    kinds = [fault.kind for fault in faults.faults(recording)]
    assert kinds.count("outlier") == 1
    assert kinds.count("altitude") == 1
    assert kinds.count("gap") == 1
    assert kinds.count("jump") == 2
    clean = faults.cleaned(recording)
    assert clean.time_s.size == recording.time_s.size - 1
    assert np.nanmax(clean.altitude_m) < 10e3
    still = {k: {"latitude": 54.0, "longitude": 25.5} for k in range(32, 60)}
    recording, _ = flown(tmp_path, rows=still)
    assert "frozen" in [fault.kind for fault in faults.faults(recording)]


def test_the_reported_position_is_the_latest_report(tmp_path: Path) -> None:
    recording, _ = flown(tmp_path, rows={30: {"latitude": 50.0}})
    lat, _, altitude = recorded.reported(recording, 100.0, [99.0, 100.0, 104.9, 250.0, 252.0])
    assert math.isnan(lat[0])
    assert lat[1] == lat[2] == recording.lat_rad[0]
    assert math.degrees(lat[3]) == math.degrees(lat[4]) == pytest.approx(50.0)
    assert altitude[1] == recording.altitude_m[0]


def test_pressure_altitude_is_converted_with_the_qnh(tmp_path: Path) -> None:
    recording, _ = flown(tmp_path)
    low = recorded.trajectory(recording, qnh_pa=98_000.0).height_amsl_m
    high = recorded.trajectory(recording, qnh_pa=103_000.0).height_amsl_m
    assert np.allclose(high - low, 420.0, atol=20.0)


def test_compiled_smoothing_equals_the_plain_one() -> None:
    rng = np.random.default_rng(0)
    time_s, values = np.cumsum(rng.uniform(0.5, 5.0, 60)), rng.normal(size=(60, 3)) * 100.0
    compiled, interpreted = np.empty((60, 6)), np.empty((60, 6))
    recorded.smooth_columns(time_s, values, 50.0, 2.0, compiled)
    plain(recorded.smooth_columns)(time_s, values, 50.0, 2.0, interpreted)
    assert compiled.tobytes() == interpreted.tobytes()


def test_smoothing_equals_a_plain_matrix_smoother() -> None:
    rng = np.random.default_rng(5)
    time_s, values = np.cumsum(rng.uniform(0.5, 5.0, 40)), np.cumsum(rng.normal(size=40))
    ours = np.empty((40, 2))
    recorded.smooth_columns(time_s, np.ascontiguousarray(values[:, None]), 2.0, 0.5, ours)
    means, covariances, ahead_means, ahead_covariances = [np.array([values[0], 0.0])], [np.diag([4.0, 1e6])], [None], [None]
    for i in range(1, 40):
        h = time_s[i] - time_s[i - 1]
        f = np.array([[1.0, h], [0.0, 1.0]])
        q = 2.5 * np.array([[h**3 / 3.0, h**2 / 2.0], [h**2 / 2.0, h]])
        m, p = f @ means[-1], f @ covariances[-1] @ f.T + q
        gain = p[:, 0] / (p[0, 0] + 4.0)
        ahead_means.append(m)
        ahead_covariances.append(p)
        means.append(m + gain * (values[i] - m[0]))
        covariances.append(p - np.outer(gain, p[0]))
    for i in range(38, -1, -1):
        f = np.array([[1.0, time_s[i + 1] - time_s[i]], [0.0, 1.0]])
        g = covariances[i] @ f.T @ np.linalg.inv(ahead_covariances[i + 1])
        means[i] = means[i] + g @ (means[i + 1] - ahead_means[i + 1])
    assert np.allclose(ours, np.array(means), rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize(
    ("name", "rows", "positions", "highest_ft", "raw_kt"),
    [
        ("bornholm", 2572, 2572, 5950.0, 32.90),
        ("elal747", 2110, 2110, 37000.0, 31.12),
        ("inflight_refuelling", 10397, 10396, 107700.0, 140.46),
    ],
)
def test_real_flights_are_read_and_smoothed(name: str, rows: int, positions: int, highest_ft: float, raw_kt: float) -> None:
    path = ADSB / f"{name}.json.gz"
    if not path.is_file():
        pytest.skip(f"the recorded flight {path.name} is not beside this repository")
    (recording,) = imported.read(path)
    assert (recording.rows, recording.time_s.size) == (rows, positions)
    assert np.nanmax(recording.altitude_m) / imported.FOOT_M == pytest.approx(highest_ft)
    geod = pytest.importorskip("pyproj").Geod(ellps="WGS84")
    lat, lon = np.degrees(recording.lat_rad), np.degrees(recording.lon_rad)
    steps_s = np.diff(recording.time_s)
    raw = np.abs(geod.inv(lon[:-1], lat[:-1], lon[1:], lat[1:])[2] / steps_s - recording.groundspeed_mps[1:]) / imported.KNOT_MPS
    assert np.nanmedian(raw[steps_s <= 10.0]) == pytest.approx(raw_kt, abs=0.01)
    clean = faults.cleaned(recording)
    assert np.nanmax(clean.altitude_m) / imported.FOOT_M < 45_000.0
    smoothed = recorded.smooth(clean)
    assert np.nanmedian(np.abs(smoothed.ground_speed_mps - clean.groundspeed_mps)) / imported.KNOT_MPS < raw_kt
