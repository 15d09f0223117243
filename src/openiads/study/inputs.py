"""Everything a study was made from, copied beside its results, so that it can be repeated offline and elsewhere."""

import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from openiads import catalogue
from openiads.catalogue.load import rows
from openiads.errors import UserError
from openiads.scenario.draft import open_draft
from openiads.scenario.identity import files
from openiads.strict_yaml import emitted
from openiads.study.alternatives import Alternative
from openiads.study.battle import EngineBattle, catalogue_of
from openiads.study.disk import explained, write_whole

INPUTS = "inputs"
INDEX = "index.json"
STUDY = "study.yaml"
CATALOGUE = "catalogue.json"


def save(folder: Path, text: bytes, overrides: Iterable[str], battle: EngineBattle, alternatives: Mapping[str, Alternative]) -> None:
    """Copy the study, its scenarios with their files, and the catalogue into ``folder/inputs``.

    Raises
    ------
    WorkError
        When the folder cannot be written.
    """
    home = folder / INPUTS
    with explained(folder):
        home.mkdir(parents=True, exist_ok=True)
        (home / STUDY).write_bytes(text)
        figures = catalogue_of(battle.catalogue)
        (home / CATALOGUE).write_text(json.dumps(rows(figures, ""), separators=(",", ":")), encoding="utf-8")
        first = {one.scenario: one for one in reversed(list(alternatives.values()))}
        kept = {name: _save_scenario(home, number, battle, first[name]) for number, name in enumerate(sorted(first))}
    index = {"overrides": list(overrides), "scenarios": kept, "catalogue": figures.digest}
    write_whole(home / INDEX, json.dumps(index, indent=1).encode())


def _save_scenario(home: Path, number: int, battle: EngineBattle, alternative: Alternative) -> dict[str, Any]:
    draft = open_draft(battle.place(alternative.scenario))
    place = Path("scenarios") / str(number)
    (home / place).mkdir(parents=True, exist_ok=True)
    (home / place / "scenario.yaml").write_text(emitted({k: v for k, v in draft.value.items() if k != "base"}) + "\n", encoding="utf-8")
    beside = {}
    for name in files(battle.scenario(alternative)):
        source = (draft.folder or Path()) / name
        target = home / place / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        beside[name] = hashlib.sha256(target.read_bytes()).hexdigest()
    return {"file": str(place / "scenario.yaml"), "beside": beside}


def load(folder: Path) -> tuple[bytes, list[str], dict[str, str], str | None]:
    """Return a saved study's text, its overrides, the files of its scenarios by name, and its catalogue if it is another.

    Raises
    ------
    UserError
        When the folder holds no study.
    """
    home = folder / INPUTS
    try:
        index = json.loads((home / INDEX).read_bytes())
        text = (home / STUDY).read_bytes()
        written = (home / CATALOGUE).read_text(encoding="utf-8")
        sources = {name: str(_inside(home, entry["file"])) for name, entry in index["scenarios"].items()}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UserError(
            f"{folder}: holds no study that can be repeated ({error}); name the --out folder of a study, or its bundle"
        ) from None
    return text, list(index["overrides"]), sources, None if index["catalogue"] == catalogue.digest() else written


def _inside(home: Path, name: str) -> Path:
    path = (home / name).resolve()
    if not path.is_relative_to(home.resolve()):
        raise ValueError(f"{name} leads out of the folder")
    return path
