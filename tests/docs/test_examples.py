"""Every example in README and docs runs, and prints what the page shows."""

import doctest

import pytest

from tests.docs.pages import PAGES, Example, examples, present

FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
TAUGHT = [page for page in PAGES if ">>>" in page.read_text(encoding="utf-8")]
QUICK = [one for one in examples() if not one.slow]
SLOW = [one for one in examples() if one.slow]


def name(one: Example) -> str:
    return f"{one.page.name}: {one.command}"


@pytest.mark.parametrize("one", QUICK, ids=name)
def test_a_page_shows_what_its_command_prints(one):
    assert present(one.command, one.until) == one.shown


@pytest.mark.slow
@pytest.mark.parametrize("one", SLOW, ids=name)
def test_a_page_shows_what_its_long_command_prints(one):
    assert present(one.command, one.until) == one.shown


@pytest.mark.parametrize("page", TAUGHT, ids=lambda page: page.name)
def test_python_examples_give_what_they_say(page):
    found = doctest.testfile(str(page), module_relative=False, optionflags=FLAGS, encoding="utf-8")
    assert found.attempted > 0
    assert found.failed == 0


def test_the_readme_opens_with_both_commands_and_a_real_answer():
    text = PAGES[0].read_text(encoding="utf-8")
    assert text.index("uv run openiads demo") < text.index("uv run pytest") < text.index("<!-- example: openiads demo")
