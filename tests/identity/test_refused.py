"""What a scenario of tracks and identity may not say: refused with line, column and advice."""

import pytest

from openiads import scenario
from tests.identity.conftest import ONE

TEXT = ONE.replace("SIDE", "civil").replace("CLASS", "civil-airliner").replace("EQUIPPED", "true")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{name: tracking, availability: 1.0}", "{name: search, availability: 1.0}", 'two radars of this site are called "search"'),
        ("identification: {coop", "links: [{from: battery, to: nowhere}]\nidentification: {coop", '"nowhere"'),
        ("iff_swap: 0,", "iff_swap: 0, classifier: {civil-airliner: {arm: 0.5, aircraft: 0.4}},", "the probabilities sum to 0.9"),
        ("iff_swap: 0,", "iff_swap: 0, classifier: {civil-airliner: {balloon: 1}},", "balloon"),
        ("label_latch: 0}", "label_latch: 0, priors: {hostile: 0.5, friendly: 0.3, civil: 0.3}}", "the priors sum to 1.1"),
        ("label_latch: 0}", "label_latch: 0, required_evidence: [rumour]}", "rumour"),
        ("label_latch: 0}", "label_latch: 0, self_defence: {range: 5 km, classes: [kite]}}", "kite"),
        ("label_latch: 0}", "label_latch: 0, self_defence: {classes: [arm]}}", "neither range nor time"),
        ("side: civil,", "side: friendly, on_closure: stay,", "only civil flights obey the closing of the airspace"),
    ],
)
def test_it_is_refused_where_it_stands(tmp_path, old, new, said):
    assert old in TEXT
    path = tmp_path / "one.yaml"
    path.write_text(TEXT.replace(old, new, 1))
    problems = scenario.check(str(path))
    assert any(said in str(one) for one in problems), problems
    assert all("one.yaml:" in str(one) for one in problems)
