"""Alternatives: one scenario with what is set in it and what is not known of it, as a value with a digest."""

import hashlib
import json
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openiads.strict_yaml import Placed, emitted
from openiads.study.model import Variant
from openiads.study.unknowns import Sampling


@dataclass(frozen=True, slots=True)
class Alternative:
    """What is to be simulated under one name.

    ``settings`` are (path, value) pairs in the order of their writing; ``sampling`` is None at stated values.
    """

    name: str
    scenario: str
    settings: tuple[tuple[str, Any], ...] = ()
    only: tuple[str, ...] | None = None
    without: tuple[str, ...] = ()
    sampling: Sampling | None = None
    listing: int = 0

    @property
    def key(self) -> str:
        """Return 16 hexadecimal digits of a hash of everything but the name."""
        sampling = None if self.sampling is None else self.sampling.as_json()
        content: dict[str, Any] = {"scenario": self.scenario, "set": list(self.settings), "only": self.only, "without": self.without}
        content["unknowns"] = sampling
        if self.listing:
            content["listing"] = self.listing
        return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()[:16]

    @property
    def inner(self) -> int:
        """Return how many replications share a sample of the unknowns; 0 when none is drawn."""
        return 0 if self.sampling is None else self.sampling.inner

    def values(self, sample: int) -> dict[str, Any]:
        """Return everything that is set for one sample of the unknowns (-1: stated values)."""
        drawn = {} if self.sampling is None or sample < 0 else self.sampling.values(sample)
        return {**dict(self.settings), **drawn}

    def changes(self, sample: int) -> dict[str, Any]:
        """Return everything that is changed about the scenario, by path: ``values``, and what is kept and taken away."""
        kept = {} if self.only is None else {_beside("only", self.only): list(self.only)}
        gone = {_beside("without", self.without): list(self.without)} if self.without else {}
        return {**self.values(sample), **kept, **gone}

    def command(self, seed: int, replication: int) -> str:
        """Return the command line that replays one replication.

        Limits
        ------
        Sites and objects are listed as written, whatever ``listing`` says.
        """
        sample = replication // self.inner if self.inner else -1
        words = [f"--set {shlex.quote(f'{path}={emitted(value)}')}" for path, value in self.changes(sample).items()]
        return " ".join(["openiads run", self.scenario, *words, f"--seed {seed} --replication {replication}"])


def merged(name: str, *variants: Variant, levels: Mapping[str, str] | None = None, sampling: Sampling | None = None) -> Alternative:
    """Return the alternative in which later variants overrule earlier ones and {factor} in a scenario's name is filled in."""
    scenario, only = "", None
    without: list[str] = []
    settings: dict[str, Any] = {}
    listing = 0
    for variant in variants:
        scenario = variant.scenario or scenario
        only = variant.only if variant.only is not None else only
        without += [one for one in variant.without if one not in without]
        listing = variant.listing or listing
        for path, value in variant.set.items():
            settings = put(settings, _filled(path, levels), value)
    return Alternative(name, _filled(scenario, levels), tuple(settings.items()), only, tuple(without), sampling, listing)


def put(settings: Mapping[str, Any], path: str, value: Any) -> dict[str, Any]:
    """Return settings in which a path has a value; the path is the one now written, in the order of its first writing."""
    return {**{path if other == path else other: old for other, old in settings.items()}, path: value}


def _beside(key: str, names: Sequence[str]) -> str:
    """Return a key at the place of the first of its names."""
    first = names[0] if names else key
    return first.moved(key) if isinstance(first, Placed) else key


def _filled(text: str, levels: Mapping[str, str] | None) -> str:
    for factor, level in (levels or {}).items():
        text = text.replace("{" + factor + "}", level)
    return text
