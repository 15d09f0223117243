"""Every leaker has a sentence that agrees with the tables, and the hand model stands beside."""

import pytest

from openiads.hand import beside, hand
from openiads.model import codes


def test_every_leaker_has_a_sentence_with_its_broken_link(single):
    rows = single.tables["outcomes"].filter("\"end\" = 'leaked' AND side = 'hostile'").project("object, why").fetchall()
    leaked = dict(rows)
    assert leaked, "the small battle should let something through"
    assert len(single.sentences) == len(leaked)
    for sentence in single.sentences:
        name = sentence.split(" ", 1)[0]
        assert sentence.endswith(f"first broken link: {leaked[name]}.")
        shots = len(single.tables["engagements"].filter(f"target = '{name}' AND launch_us IS NOT NULL").fetchall())
        assert f", {shots} shot" in sentence if shots else "no shot" in sentence or "not carried out" in sentence


def test_hand_model_is_the_arithmetic_it_claims_to_be(planned):
    page = hand(planned)
    post = next(line for line in page.units if line.name == "post")
    assert post.horizon_low_m == pytest.approx(4124 * (8.0**0.5 + 50.0**0.5), rel=0.01)
    assert post.missiles == 20
    drone = next(line for line in page.classes if line.name == "one-way-attack-uav")
    assert drone.count == 4
    assert drone.speed_mps == pytest.approx(50.0, rel=0.02)
    assert 0.0 < page.kills <= min(page.kills_cap, sum(line.count for line in page.classes))
    assert sum(line.kills for line in page.classes) == pytest.approx(page.kills)
    assert all(0.0 <= line.kills <= line.count for line in page.classes)


def test_a_factor_above_two_is_explained(planned):
    page = hand(planned)
    base = {"killed": 0, "leaked": 4, "shots": 30}
    why = dict.fromkeys(codes.WHY, 0) | {"no channel": 3, "missed": 1}
    ratio, said = beside(page, base | {"killed": round(page.kills) * 10}, why, 10)
    assert ratio == pytest.approx(1.0, abs=0.2)
    assert "does not know" not in said
    ratio, said = beside(page, base | {"killed": 1, "leaked": 4}, why, 10)
    assert ratio is not None
    assert ratio < 0.5
    assert "no channel (3 of 4)" in said
    ratio, said = beside(page, base | {"killed": 1000}, why, 10)
    assert ratio is not None
    assert ratio > 2.0
    assert "one unit only" in said
