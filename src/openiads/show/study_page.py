"""A study's results as the page reads them: what ``study.json`` holds, less what only a program wants."""

from collections.abc import Mapping
from typing import Any

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
