"""One replication of a finished study, fought again with its record, so that it can be looked at."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openiads.errors import UserError
from openiads.study import inputs
from openiads.study.alternatives import Alternative
from openiads.study.battle import EngineBattle, catalogue_of
from openiads.study.written import RESULT

if TYPE_CHECKING:
    from openiads.results.value import Run


def setup(alternative: Alternative, seed: int, replication: int) -> dict[str, Any]:
    """Return what one battle of a study is made from, as ``study.json`` keeps it."""
    sample = replication // alternative.inner if alternative.inner else -1
    only = None if alternative.only is None else list(alternative.only)
    chosen = {"scenario": alternative.scenario, "set": alternative.values(sample), "only": only, "without": list(alternative.without)}
    return {**chosen, "listing": alternative.listing, "seed": seed, "replication": replication}


def watch(folder: Path, place: int) -> "Run":
    """Fight the worst battle of one alternative of a study again.

    Parameters
    ----------
    folder : Path
        Of a finished study.
    place : int
        Of the alternative among those that the study shows side by side.

    Raises
    ------
    UserError
        When the folder holds no study, or no such alternative.
    """
    from openiads.plan import plan
    from openiads.results.running import fight

    _, _, sources, figures = inputs.load(folder)
    try:
        made = json.loads((folder / RESULT).read_bytes())["alternatives"][place]["worst"]["battle"]
    except (OSError, ValueError, LookupError, TypeError):
        raise UserError(f"{folder}: does not say how that battle was set up; run the study again") from None
    battle = EngineBattle(made["seed"], {}, sources, catalogue=figures)
    only = None if made["only"] is None else tuple(made["only"])
    settings, listing = tuple(made["set"].items()), made.get("listing", 0)
    alternative = Alternative("", made["scenario"], settings, only, tuple(made["without"]), listing=listing)
    return fight(plan(battle.scenario(alternative), catalogue_of(figures)), made["seed"], 1, made["replication"])
