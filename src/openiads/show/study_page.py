"""A study's results as the page reads them: what ``study.json`` holds, less what only a program wants."""

from collections.abc import Mapping
from typing import Any

from openiads.study.text import page_lines

FORMAT, VERSION = "openiads-study", 2
_SHOWN = ("answers", "replications", "set_aside", "page", "alternatives", "details")


def encode(found: Mapping[str, Any]) -> dict[str, Any]:
    """Return the study object that the page reads.

    Parameters
    ----------
    found : mapping
        What ``study.study`` returned, or ``study.json`` read back.
    """
    head = {"format": FORMAT, "version": VERSION, "name": found["study"], "about": found["about"]}
    return {**head, "level": found["manifest"]["statistics"]["level"], **{key: found[key] for key in _SHOWN}}


def in_words(shown: Mapping[str, Any]) -> list[str]:
    """Return the first page as plain lines, for readers without JavaScript.

    Parameters
    ----------
    shown : mapping
        From ``encode``.
    """
    quoting = shown["page"]["quoting"]
    return [*page_lines(shown), f"May be quoted as: {quoting['may']}", f"Must not be quoted: {quoting['must_not']}"]
