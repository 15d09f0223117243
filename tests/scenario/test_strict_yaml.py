"""The strict reader: YAML 1.2 core, positions, limits, and never anything but its own error."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openiads import strict_yaml
from openiads.errors import names_like
from openiads.strict_yaml import StrictYamlError, read

GEOGRAPHIC_TRAPS = [
    ("NO", "NO"),
    ("yes", "yes"),
    ("off", "off"),
    ("12:30", "12:30"),
    ("55:45:21", "55:45:21"),
    ("2021-06-01", "2021-06-01"),
    ("1_000", "1_000"),
    ("4e5", 4e5),
    ("3e9", 3e9),
    ("1.5E-3", 1.5e-3),
    (".5", 0.5),
    ("5.", 5.0),
    ("010", 10),
    ("-07", -7),
    ("+3", 3),
    ("0x1F", 31),
    ("0o17", 15),
    ("true", True),
    ("False", False),
    ("null", None),
    ("~", None),
    ("''", ""),
    ("'5'", "5"),
    ("0b11", "0b11"),
    ("1e", "1e"),
    ("e5", "e5"),
    (".", "."),
    ("-", None),
    ("=", "="),
]


@pytest.mark.parametrize(("written", "meant"), [case for case in GEOGRAPHIC_TRAPS if case[0] != "-"])
def test_scalars_follow_yaml_1_2(written: str, meant: object) -> None:
    value = read(f"a: {written}\n", "f").value["a"]
    assert value == meant
    assert isinstance(value, type(meant))


def test_keys_are_text_and_numbers_remember_how_they_were_written() -> None:
    document = read("57E6: 57E6\n010: x\n", "f")
    assert list(document.value) == ["57E6", "010"]
    assert document.value["57E6"].written == "57E6"


def test_positions_of_values_and_keys() -> None:
    document = read("a:\n  - b: 1\n    c: {d: x, e: [1, 2]}\n", "f")
    assert document.position(("a", 0, "b")) == (2, 8)
    assert document.position(("a", 0, "c", "e", 1)) == (3, 22)
    assert document.key_position(("a", 0, "c", "e")) == (3, 15)
    assert document.position(("a", 0, "nothing", "here")) == (2, 5)
    assert str(document.problem(("a", 0, "b"), "wrong", "mend it")) == "f:2:8: a.0.b: wrong; mend it"


def test_paths_use_the_names_of_list_members() -> None:
    value = {"sites": [{"name": "s\n400", "at": {}}]}
    assert strict_yaml.path_text(("sites", 0, "at", "lat"), value) == "sites.s 400.at.lat"
    assert strict_yaml.path_text((), value) == "file"


REFUSED = [
    ("a: &x 1", "1:4", "anchor"),
    ("a: 1\nb: *x", "2:4", "alias"),
    ("a: !!str 1", "1:4", "tag"),
    ("a: !foo 1", "1:4", "tag"),
    ("<<: {a: 1}", "1:1", "merge"),
    ("a: 1\nb: 2\na: 3", "3:1", "twice (first on line 1)"),
    ("{a: 1, a: 2}", "1:8", "twice"),
    ("? [1]\n: 2", "1:3", "a key must be"),
    ("? {a: 1}\n: 2", "1:3", "a key must be"),
    ("a: 1\n---\nb: 2", "2:1", "second document"),
    ("%YAML 1.1\n---\na: 1", "3:1", ""),
    ("a: .inf", "1:4", "finite"),
    ("a: .nan", "1:4", "finite"),
    ("a: 1e999", "1:4", "too large"),
    ("a: " + "9" * 5000, "1:4", "5000 digits"),
    ("a: [1, 2", "2:1", "not valid YAML"),
    ("a:\n\t- b", "2:1", "tabs"),
    ("a: @b", "1:4", "quotes"),
    ("a: b: c", "1:5", "not valid YAML"),
    ("a: 'x", "", "not valid YAML"),
    ("a: \x00", "1:4", "U+0000"),
    ("a: \ud800", "1:4", "U+D800"),
    (b"a: \xff", "1:4", "UTF-8"),
    (b"x: 1\n\xc3\x28: 1", "2:1", "UTF-8"),
    ("[" * 100, "1:65", "64 deep"),
    ("- " * 100, "1:129", "64 deep"),
]


@pytest.mark.parametrize(("text", "place", "words"), REFUSED, ids=[str(number) for number in range(len(REFUSED))])
def test_what_is_refused_is_located(text: str | bytes, place: str, words: str) -> None:
    with pytest.raises(StrictYamlError) as caught:
        read(text, "f.yaml")
    lines = str(caught.value).splitlines()
    assert any(words in line and (not place or line.startswith(f"f.yaml:{place}:") or words == "") for line in lines), lines


def test_everything_wrong_is_reported_at_once() -> None:
    with pytest.raises(StrictYamlError) as caught:
        read("a: &x 1\nb: *x\na: 2\nc: .nan\n", "f")
    assert [(problem.line, problem.column) for problem in caught.value.problems] == [(1, 4), (2, 4), (3, 1), (4, 4)]


def test_a_document_with_mendable_problems_is_still_there() -> None:
    document, problems = strict_yaml.examine("a: 1\na: 2\nb: *x\n", "f")
    assert document is not None
    assert document.value == {"a": 1, "b": None}
    assert len(problems) == 2
    assert strict_yaml.examine("a: [", "f")[0] is None
    odd, problems = strict_yaml.examine("? [1]\n: {x: 1}\n*a : 2\nb: 3\n", "f")
    assert odd is not None
    assert odd.value == {"b": 3}
    assert [problem.line for problem in problems] == [1, 3]


BOMBS = {
    "brackets": "[" * 1_000_000,
    "dashes": "- " * 500_000,
    "questions": "? " * 500_000,
    "mappings": "{a: " * 200_000,
    "aliases": "a: &a [x,x,x,x,x,x,x,x,x]\n"
    + "".join(f"{b}: &{b} [{','.join(['*' + a] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)),
    "merges": "a0: &a0 {k: 1}\n" + "".join(f"a{n}: &a{n}\n  <<: *a{n - 1}\n  k{n}: 1\n" for n in range(1, 3000)),
    "large": "a: " + "x" * strict_yaml.MAX_BYTES,
    "many": "[" + "1," * 210_000 + "]",
    "commas": "[1" + ",1" * 2_400_000,
    "anchors": "".join(f"- &a{n} 1\n" for n in range(50_000)),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_refused_soon(name: str) -> None:
    start = time.perf_counter()
    with pytest.raises(StrictYamlError):
        read(BOMBS[name], "f")
    assert time.perf_counter() - start < 5.0  # a loose bound: the machine may be busy


def test_the_limits_themselves_are_allowed() -> None:
    assert read("[" * 63 + "1" + "]" * 63, "f").value
    assert len(read("[" + "1," * 1000 + "]", "f").value) == 1000
    assert read("", "f").value is None
    assert read(b"\xef\xbb\xbfa: 1", "f").value == {"a": 1}


def read_or_refused(text: str | bytes) -> bool:
    """Read a file that may be anything: plain values come out, or located problems, and nothing else."""
    document, problems = strict_yaml.examine(text, "f")
    located = all(problem.line >= 1 and problem.column >= 1 and problem.what and problem.remedy for problem in problems)
    return located and (document is not None or bool(problems)) and (document is None or _plain(document.value))


@given(st.text(max_size=200))
@settings(deadline=None, max_examples=300)
def test_any_text_is_read_or_refused(text: str) -> None:
    assert read_or_refused(text)


PIECES = [*"abN:-[]{},&*!?|>%@`'\"#\t\n  01.e~<=", "\n  ", ": ", "- ", "---\n", "...\n", "<<: ", "!!str "]


@given(st.lists(st.sampled_from(PIECES), max_size=60))
@settings(deadline=None, max_examples=500)
def test_any_pieces_of_yaml_are_read_or_refused(pieces: list[str]) -> None:
    assert read_or_refused("".join(pieces))


@given(st.binary(max_size=120))
@settings(deadline=None, max_examples=300)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    assert read_or_refused(data)


def _plain(value: object) -> bool:
    if isinstance(value, dict):
        return all(isinstance(key, str) and _plain(inner) for key, inner in value.items())
    if isinstance(value, list):
        return all(_plain(inner) for inner in value)
    return value is None or isinstance(value, str | int | float | bool)


PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**9), 10**9)
    | st.floats(-1e9, 1e9)
    | st.text(st.characters(codec="ascii", categories=["L", "N"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(PLAIN)
@settings(deadline=None, max_examples=150)
def test_json_is_read_as_json(value: object) -> None:
    import json

    assert read(json.dumps(value), "f").value == value


def test_names_like_finds_the_near_and_the_beginning() -> None:
    assert names_like("s-4000", ["s-400", "patriot"]) == 'did you mean "s-400"?'
    assert names_like("cruise", ["bird", "cruise-missile-subsonic"]) == 'did you mean "cruise-missile-subsonic"?'
    assert names_like("zz", ["s-400"]) == ""
