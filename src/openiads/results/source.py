"""What a run was made from, copied beside it, so that it can be repeated without the files it came from."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openiads.errors import UserError
from openiads.scenario.draft import open_draft
from openiads.scenario.identity import files
from openiads.scenario.models import Scenario
from openiads.scenario.reader import Overrides, read
from openiads.strict_yaml import emitted

INPUTS, SCENARIO = "inputs", "scenario.yaml"


@dataclass(frozen=True)
class Source:
    """A scenario's name or file, and the changes made to it."""

    place: str
    overrides: tuple[str, ...] | Mapping[str, Any] = ()

    def save(self, folder: Path, scenario: Scenario) -> None:
        """Write ``inputs/``: the scenario with its base merged in, the changes, and the files beside it."""
        home = folder / INPUTS
        home.mkdir()
        draft = open_draft(self.place)
        (home / SCENARIO).write_text(emitted({key: value for key, value in draft.value.items() if key != "base"}) + "\n", encoding="utf-8")
        (home / "overrides.json").write_text(json.dumps(self.listed()), encoding="utf-8")
        for name in files(scenario):
            target = home / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile((draft.folder or Path()) / name, target)

    def listed(self) -> list[str]:
        """Return the changes as PATH=VALUE."""
        if isinstance(self.overrides, Mapping):
            return [f"{path}={emitted(value)}" for path, value in self.overrides.items()]
        return list(self.overrides)


def saved(folder: Path) -> Source:
    """Return the source that a run's folder holds.

    Raises
    ------
    UserError : there is none.
    """
    home = folder / INPUTS
    try:
        changes = json.loads((home / "overrides.json").read_bytes())
    except (OSError, ValueError):
        raise UserError(f"{folder}: what it was made from was not kept, so it cannot be repeated; name the --out folder of a run") from None
    return Source(str(home / SCENARIO), tuple(str(one) for one in changes))


def source_of(place: str | Path, overrides: Overrides) -> Source:
    """Return what a run was asked with."""
    return Source(str(place), dict(overrides) if isinstance(overrides, Mapping) else tuple(overrides))


def reread(source: Source) -> Scenario:
    """Return the scenario of a source."""
    return read(source.place, source.overrides)
