"""The study page: answers with intervals, alternatives side by side, what drives the spread, and the way to odd replications."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

FORMAT, VERSION = "openiads-study", 1
Json = dict[str, Any]


@dataclass(frozen=True)
class Estimate:
    """A measure with its interval; counts where it has them."""

    estimate: float
    low: float
    high: float
    numerator: float | None = None
    denominator: float | None = None


@dataclass(frozen=True)
class AnswerView:
    """One answer: the question, a sentence, and the estimate it rests on."""

    question: str
    says: str
    measure: str
    alternatives: Sequence[str]
    value: Estimate | None = None


@dataclass(frozen=True)
class AlternativeView:
    """One alternative: its measures and, by measure, how many replications gave which value."""

    name: str
    measures: Mapping[str, Estimate]
    distributions: Mapping[str, tuple[Sequence[float], Sequence[int]]] = field(default_factory=dict)
    replications: int = 0


@dataclass(frozen=True)
class DriverView:
    """How much of the spread one figure causes."""

    figure: str
    share: float
    low: float
    high: float
    basis: str = ""


@dataclass(frozen=True)
class SweepView:
    """A measure against a parameter, one line for each alternative: (estimate, low, high) at each x."""

    title: str
    x_label: str
    measure: str
    x: Sequence[float]
    lines: Mapping[str, Sequence[tuple[float, float, float]]]


@dataclass(frozen=True)
class OutlierView:
    """One replication worth looking at. `document` is the replay's identifier beside the study, `rerun` the command that makes it."""

    alternative: str
    replication: int
    measure: str
    value: float
    says: str = ""
    document: str = ""
    rerun: str = ""


@dataclass(frozen=True)
class StudyInput:
    """A study as the page shows it."""

    name: str
    question: str
    about: str
    answers: Sequence[AnswerView]
    alternatives: Sequence[AlternativeView]
    drivers: Sequence[DriverView] = ()
    sweeps: Sequence[SweepView] = ()
    outliers: Sequence[OutlierView] = ()
    level: float = 0.95
    replications: int = 0
    digest: str = ""
    limits: Sequence[str] = ()
    sources: Sequence[str] = ()
    rerun: str = ""
    version: str = ""


def encode(study: StudyInput) -> Json:
    """The study object that the page reads."""
    found = asdict(study)
    notes = {key: found.pop(key) for key in ("digest", "limits", "sources", "rerun", "version")}
    for alternative in found["alternatives"]:
        alternative["distributions"] = {
            name: {"x": list(values), "y": list(counts)} for name, (values, counts) in alternative["distributions"].items()
        }
    return {"format": FORMAT, "version": VERSION, **found, "notes": notes}
