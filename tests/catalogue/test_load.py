"""The loader refuses what has no provenance, says where, and is fast because the shipped files are parsed before."""

import json
import shutil
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openiads.catalogue import CatalogueError
from openiads.catalogue.compile import compiled_text
from openiads.catalogue.load import COMPILED, DATA, load, read_folder
from openiads.errors import UserError

SOURCES = """
book: {title: "A book", url: null, year: 2001, kind: "textbook", checked: true, reliability: "high"}
"""
GOOD = "value: 5, low: 4, high: 6, unit: km, basis: textbook, sources: [book], checked: true"

GOOD_KEYS = ("value", "low", "high", "unit", "basis", "sources", "checked")


def folder_with(tmp_path, system, sources=SOURCES):
    (tmp_path / "sources.yaml").write_text(sources)
    (tmp_path / "toy.yaml").write_text(system)
    return tmp_path


def test_a_good_figure_is_read_with_everything_it_says(tmp_path):
    text = f'name: "Toy"\nreach: {{{GOOD}, rivals: [{{value: 6, source: book}}], note: "said"}}\n'
    read = read_folder(folder_with(tmp_path, text))
    figure = read.figure("toy.reach")
    assert (figure.si, figure.low_si, figure.high_si) == (5000.0, 4000.0, 6000.0)
    assert (figure.unit, figure.basis, figure.sources, figure.checked, figure.note) == ("km", "textbook", ("book",), True, "said")
    assert [(rival.value, rival.source) for rival in figure.rivals] == [(6.0, "book")]
    assert read.text("toy.name") == "Toy"


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        (GOOD.replace("unit: km, ", ""), "no unit"),
        (GOOD.replace("basis: textbook, ", ""), "no basis"),
        (GOOD.replace("sources: [book], ", ""), "no sources"),
        (GOOD.replace(", checked: true", ""), "no checked"),
        (GOOD.replace("low: 4, ", ""), "no low"),
        (GOOD.replace("[book]", "[]"), "names no source"),
        (GOOD.replace("[book]", "[boook]"), "source 'boook' is not in sources.yaml; did you mean \"book\""),
        (GOOD.replace("km", "parsec"), "unit 'parsec' is not known"),
        (GOOD.replace("textbook", "hearsay"), "basis 'hearsay' is not known"),
        (GOOD.replace("value: 5", "value: 7"), "value 7 lies outside low 4 .. high 6"),
        (GOOD.replace("low: 4", "low: 8").replace("value: 5", "value: 8"), "low 8 is above high 6"),
        (GOOD.replace("value: 5", "value: five"), "value is 'five', not a number"),
        (GOOD.replace("value: 5", "value: true"), "value is True, not a number"),
        (GOOD.replace("value: 5", "value: null"), "value is None, not a number"),
        (GOOD.replace("low: 4", "low: -4"), "low -4 is negative"),
        (GOOD.replace("unit: km", 'unit: "1"'), "between 0 and 1"),
        (GOOD.replace("checked: true", "checked: perhaps"), "write true or false"),
        (GOOD + ", colour: red", "unknown key colour"),
        (GOOD + ", rivals: [{value: 3}]", "rivals must be a list"),
        (GOOD + ", rivals: [{value: 3, source: nobody}]", "'nobody' is not in sources.yaml"),
    ],
)
def test_a_bad_figure_is_refused_with_file_line_and_path(tmp_path, figure, said):
    with pytest.raises(CatalogueError) as caught:
        read_folder(folder_with(tmp_path, f'name: "Toy"\nreach: {{{figure}}}\n'))
    assert "toy.yaml:2: toy.reach: " in str(caught.value)
    assert said in str(caught.value)


def test_a_bare_number_is_no_figure(tmp_path):
    with pytest.raises(CatalogueError, match=r"toy.yaml:2: toy.reach: 5 stands alone; write a figure"):
        read_folder(folder_with(tmp_path, 'name: "Toy"\nreach: 5\n'))


def test_a_name_with_a_dot_is_refused(tmp_path):
    with pytest.raises(CatalogueError, match="must not hold a dot"):
        read_folder(folder_with(tmp_path, f'"a.b": {{{GOOD}}}\n'))


def test_all_problems_are_told_at_once(tmp_path):
    with pytest.raises(CatalogueError) as caught:
        read_folder(folder_with(tmp_path, "one: 1\ntwo: 2\n"))
    assert len(str(caught.value).splitlines()) == 2


def test_a_source_without_title_is_refused(tmp_path):
    with pytest.raises(CatalogueError, match=r"sources.yaml:\d+: book: the source has no title"):
        read_folder(folder_with(tmp_path, 'name: "Toy"\n', SOURCES.replace('title: "A book", ', "")))


def test_a_folder_without_sources_is_refused(tmp_path):
    with pytest.raises(CatalogueError, match=r"there is no sources\.yaml"):
        read_folder(tmp_path)


def test_a_file_that_is_no_mapping_of_figures_is_refused(tmp_path):
    with pytest.raises(CatalogueError, match="stands alone"):
        read_folder(folder_with(tmp_path, "- 1\n- 2\n"))


def test_the_compiled_form_is_current():
    assert (DATA / COMPILED).read_text(encoding="utf-8") == compiled_text(), "run: python -m openiads.catalogue.compile"


def test_the_compiled_form_is_the_same_catalogue(shipped):
    read = read_folder(DATA)
    assert read.figures == dict(shipped.figures)
    assert read.texts == dict(shipped.texts)
    assert read.sources == dict(shipped.sources)
    assert read.digest == shipped.digest


def test_an_edited_file_is_never_served_stale(tmp_path, shipped):
    copy = tmp_path / "data"
    shutil.copytree(DATA, copy)
    file = copy / "patriot.yaml"
    file.write_text(file.read_text().replace("value: 105, low: 70, high: 160", "value: 106, low: 70, high: 160"))
    edited = load(copy)
    assert edited.figure("patriot.missiles.PAC-2 GEM/T.range_max").value == 106
    assert edited.digest != shipped.digest


def test_loading_is_fast():
    times = []
    for _ in range(5):
        began = time.process_time()
        load.__wrapped__(DATA)
        times.append(time.process_time() - began)
    assert min(times) < 0.06


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"files": 1}'])
def test_a_damaged_compiled_form_is_passed_over(tmp_path, damage):
    folder = folder_with(tmp_path, f'name: "Toy"\nreach: {{{GOOD}}}\n')
    (folder / COMPILED).write_text(damage)
    assert load(folder).figure("toy.reach").value == 5


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-9, 9)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["km", "book", "textbook", "x"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*GOOD_KEYS, "rivals", "note", "name"]), inner, max_size=9),
    max_leaves=20,
)


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ANYTHING)
def test_whatever_a_file_holds_is_read_or_refused_in_words(tmp_path, value):
    folder = folder_with(tmp_path, json.dumps({"toy": value}))
    said = "read"
    try:
        read_folder(folder)
    except UserError as error:
        said = str(error)
    assert said == "read" or "toy.yaml" in said
