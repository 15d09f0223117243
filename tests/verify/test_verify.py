"""The shipped cases hold, the report says what counts, and every module's checks fail when an error is planted."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from openiads import verify
from openiads.earth import atmosphere, geodesics, geodesy, mask, refraction
from openiads.errors import UserError
from openiads.model import (
    attenuation,
    ballistics,
    beam,
    detection,
    detection_approximations,
    diffraction,
    jamming,
    kepler,
    lobing,
    range_equation,
)
from openiads.verify import runner
from openiads.verify.case import settle

PHYSICS = ("atmosphere", "ballistics", "detection", "geodesy", "horizon", "jamming", "propagation", "range-equation", "terrain")


@pytest.fixture(scope="module")
def cases() -> list[verify.Case]:
    return verify.run(PHYSICS)


def test_every_counted_case_holds(cases: list[verify.Case]) -> None:
    assert [(case.id, case.ours, case.reference, case.failure) for case in cases if case.is_counted and not case.holds] == []


def test_there_are_enough_checks_and_they_are_not_copies(cases: list[verify.Case]) -> None:
    counted = [case for case in cases if case.is_counted]
    assert len(counted) >= 130
    assert {case.module for case in counted} == set(PHYSICS)
    assert sum(case.ours != case.reference for case in counted) > 100
    assert len({case.id for case in cases}) == len(cases)


def test_recalled_cases_are_shown_and_not_counted(cases: list[verify.Case]) -> None:
    told = verify.summary(cases)
    recalled = [case for case in cases if "recalled" in case.status]
    assert recalled
    assert told["not_counted"] == len(recalled)
    assert told["passed"] + told["failed"] + told["not_counted"] == len(told["cases"]) == len(cases)
    assert all(row["source"] and row["status"] for row in told["cases"])
    for case in cases:
        if case.is_counted and case.holds:
            assert case.ours is not None
            assert abs(case.ours - case.reference) <= case.tolerance


def wrong_by(factor: float) -> Callable[[Any, str], Callable[..., Any]]:
    def plant(module: Any, name: str) -> Callable[..., Any]:
        right = getattr(module, name)

        def wrong(*args: Any, **kwargs: Any) -> Any:
            found = right(*args, **kwargs)
            if isinstance(found, tuple):
                made = [part * factor for part in found]
                return type(found)(*made) if hasattr(found, "_fields") else tuple(made)
            return found * factor

        return wrong

    return plant


def in_degrees(module: Any, name: str) -> Callable[..., Any]:
    right = getattr(module, name)
    return lambda *args, **kwargs: right(*(math.degrees(a) if isinstance(a, float) else a for a in args), **kwargs)


double, negative = wrong_by(2.0), wrong_by(-1.0)

PLANTS = [
    ("detection", detection, "threshold", double),
    ("detection", detection, "probability", double),
    ("detection", detection, "required_snr_db", negative),
    ("detection", detection, "table_probability", double),
    ("detection", detection_approximations, "albersheim_snr_db", double),
    ("detection", detection_approximations, "shnidman_snr_db", negative),
    ("range-equation", range_equation, "range_m", double),
    ("range-equation", range_equation, "peak_power_w", double),
    ("range-equation", range_equation, "search_snr_db", negative),
    ("range-equation", detection, "snr_db", negative),
    ("jamming", jamming, "self_screening_range_m", double),
    ("jamming", jamming, "standoff_range_m", negative),
    ("jamming", jamming, "jammed_range_m", double),
    ("jamming", jamming, "burn_through_range_m", double),
    ("jamming", jamming, "jam_to_noise_db", negative),
    ("jamming", beam, "pattern_gain_db", double),
    ("jamming", beam, "pattern_gain_db", in_degrees),
    ("propagation", attenuation, "gas_db_per_km", double),
    ("propagation", attenuation, "rain_db_per_km", double),
    ("propagation", attenuation, "rain_coefficients", in_degrees),
    ("propagation", diffraction, "knife_edge_loss_db", negative),
    ("propagation", diffraction, "edge_loss_db", double),
    ("propagation", lobing, "two_rays", double),
    ("propagation", lobing, "lobing_power", negative),
    ("propagation", lobing, "first_lobe_rad", double),
    ("horizon", refraction, "horizon_range_m", double),
    ("horizon", refraction, "lowest_visible_height_m", negative),
    ("geodesy", geodesics, "inverse", negative),
    ("geodesy", geodesics, "direct", in_degrees),
    ("geodesy", geodesy, "to_ecef", double),
    ("geodesy", geodesy, "to_geodetic", negative),
    ("atmosphere", atmosphere, "standard_air", double),
    ("ballistics", kepler, "minimum_energy", double),
    ("ballistics", ballistics, "integrate", double),
    ("ballistics", ballistics, "integrate", in_degrees),
    ("ballistics", kepler, "through_apogee", double),
    ("ballistics", kepler, "maximum_range_m", negative),
    ("terrain", mask, "lowest_visible", double),
]


@pytest.mark.parametrize(("module", "place", "name", "plant"), PLANTS)
def test_a_planted_error_is_seen(module: str, place: Any, name: str, plant: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place, name, plant(place, name))
    assert verify.summary(verify.run([module]))["failed"] > 0


def test_a_wrong_mask_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    right = mask.mask
    monkeypatch.setattr(
        mask,
        "mask",
        lambda *args, **kwargs: right(*args, **kwargs)._replace(
            lowest_visible_height_agl_m=2.0 * right(*args, **kwargs).lowest_visible_height_agl_m
        ),
    )
    failed = [case.id for case in verify.run(["terrain"]) if not case.holds]
    assert any(name.startswith("TER-5") for name in failed)
    assert any(name.startswith("TER-7") for name in failed)


def test_a_function_that_fails_is_a_case_that_does_not_hold() -> None:
    broken = verify.Check("X", "x", "x", 1.0, 0.1, "x", "closed form", lambda: 1.0 / 0.0)
    found = settle(broken)
    assert not found.holds
    assert found.ours is None
    assert "ZeroDivisionError" in found.failure
    nowhere = settle(verify.Check("X", "x", "x", 1.0, 0.1, "x", "closed form", lambda: math.nan))
    assert not nowhere.holds
    assert "nan" in nowhere.failure
    assert "failure" not in settle(verify.Check("X", "x", "x", 1.0, 0.1, "x", "closed form", lambda: 1.0)).row()


def test_an_unknown_module_is_refused_in_words() -> None:
    with pytest.raises(UserError, match="known are"):
        verify.run(["alchemy"])


def test_ids_are_unique_and_long_checks_wait() -> None:
    quick, everything = runner.checks(), runner.checks(long=True)
    assert len({check.id for check in everything}) == len(everything) >= len(quick)
    assert not any(check.is_long for check in quick)


def test_shipped_cases_agree_with_the_reference_beside_the_repository() -> None:
    yaml = pytest.importorskip("yaml")
    folder = Path(__file__).parents[2] / "../shared/reference/cases"
    if not folder.is_dir():
        pytest.skip("the folder shared/reference/cases is not beside this repository")
    theirs = set()
    for path in folder.glob("*.yaml"):
        for case in yaml.safe_load(path.read_text(encoding="utf-8")):
            for value in case["expected"].values():
                theirs |= {float(x) for x in np.ravel(value) if isinstance(x, (int, float)) and not isinstance(x, bool)}
    checked = [
        check for check in runner.checks() if check.id.startswith(("R-DET-1-", "R-ITU-1", "R-HOR-2", "F-ATM", "F-BAL-1-", "R-DET-5-"))
    ]
    assert len(checked) > 150
    assert [check.id for check in checked if not any(math.isclose(check.reference, value, rel_tol=1e-12) for value in theirs)] == []
