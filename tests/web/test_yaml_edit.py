"""Changes to scenario text keep every comment and everything else."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openiads import strict_yaml
from openiads.serve.yaml_edit import DELETE, EditError, change

TEXT = """# head
format: openiads-scenario/1
name: one  # the name
about: >-
  two lines
  of text
assets:
  # before the first
  - {name: a, at: {lat: 53.9, lon: 28.0}, value: 1}  # beside a
  # between
  - name: b
    # inside b
    at: {lat: 54.0, lon: 27.5}   # where b is
    value: 2

sites: []
doctrine:
  control: tight # why
  zones:
  - {name: z}
  # last in zones
load: {48N6E3: 20,   40N6E: 4}
nothing: {}
# tail
"""


def data(text):
    return strict_yaml.read(text, "t").value


def comments(text):
    return re.findall(r"#.*", text)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("name",), "two"),
        (("name",), "57E6"),
        (("name",), "yes"),
        (("name",), "with: colon # and hash"),
        (("name",), "line\nbreak"),
        (("name",), ""),
        (("about",), "short"),
        (("assets", 0, "at", "lat"), 53.123456),
        (("assets", 1, "at", "lon"), 27.25),
        (("assets", 1, "at"), {"lat": 1.5, "lon": 2.5}),
        (("assets", 1, "value"), {"uniform": [1, 3]}),
        (("assets", 1, "radius"), "1 km"),
        (("assets", 0, "radius"), "1 km"),
        (("assets", 2), {"name": "c", "at": {"lat": 1.0, "lon": 2.0}}),
        (("sites", 0), {"name": "s", "system": "s-400", "at": {"lat": 1.0, "lon": 2.0}}),
        (("doctrine", "control"), "free"),
        (("doctrine", "reserve"), 0.25),
        (("doctrine", "zones", 1), {"name": "y"}),
        (("load", "48N6E3"), 12),
        (("load", "9M96E2"), 8),
        (("nothing", "more"), True),
        (("nothing", "null"), None),
        (("picture",), "national"),
    ],
)
def test_a_value_is_set_or_added_and_every_comment_stays(path, value):
    made = change(TEXT, path, value)
    assert comments(made) == comments(TEXT.replace("# and hash", "")) if "hash" not in str(value) else True
    found = data(made)
    for step in path:
        found = found[step]
    assert found == value
    before, after = TEXT.splitlines(), made.splitlines()
    assert sum(line not in after for line in before) <= (3 if path == ("about",) else 1)


@pytest.mark.parametrize(
    "path",
    [("load", "48N6E3"), ("load", "40N6E"), ("assets", 0), ("assets", 1), ("doctrine", "control"), ("name",), ("assets", 1, "value")],
)
def test_a_removal_takes_only_what_it_names(path):
    made = change(TEXT, path, DELETE)
    assert set(comments(TEXT)) - set(comments(made)) <= {"# beside a", "# inside b", "# where b is", "# why", "# the name"}
    assert len(made) < len(TEXT)


def test_the_last_member_leaves_an_empty_list_behind():
    assert data(change("a:\n  - 1\nb: 2\n", ("a", 0), DELETE)) == {"a": [], "b": 2}
    assert data(change("a: {x: 1}\n", ("a", "x"), DELETE)) == {"a": {}}


@pytest.mark.parametrize("path", [(), ("absent", "x"), ("assets", 9), ("name", "x"), ("assets", "x")])
def test_places_that_are_not_there_are_refused(path):
    with pytest.raises(EditError):
        change(TEXT, path, 1)


leaf = st.one_of(st.text(max_size=12), st.integers(-1000, 1000), st.booleans(), st.none(), st.floats(-1e6, 1e6, allow_nan=False))
values = st.recursive(
    leaf, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(min_size=1, max_size=6), inner, max_size=3), max_leaves=6
)
paths = st.sampled_from(
    [
        ("name",),
        ("assets", 0, "at"),
        ("assets", 1, "at", "lat"),
        ("assets", 2),
        ("sites",),
        ("doctrine", "zones"),
        ("new",),
        ("load", "48N6E3"),
    ]
)


@given(paths, values)
@settings(deadline=None, max_examples=150)
def test_whatever_is_written_reads_back(path, value):
    try:
        made = change(TEXT, path, value)
    except EditError:
        return
    except strict_yaml.StrictYamlError:
        return
    found = data(made)
    for step in path:
        found = found[step]
    assert found == value


def test_shipped_scenarios_can_be_changed():
    from openiads import scenario
    from openiads.scenario.draft import find

    for name in scenario.shipped():
        text = find(name).read_text(encoding="utf-8")
        if "sites" not in data(text):
            continue
        made = change(text, ("sites", 0, "at", "lat"), 53.5)
        assert comments(made) == comments(text)
        assert len(made.splitlines()) == len(text.splitlines())
