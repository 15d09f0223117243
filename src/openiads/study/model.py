"""The vocabulary of study files: what is asked, of which alternatives, how often and under which unknowns."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from openiads.scenario.quantities import Model, Name, Text, reader, refusal
from openiads.scenario.spreads import Spread, read_spread
from openiads.study.measures import PER_CLASS, advice, events, measure
from openiads.units import QuantityError

FORMAT = "openiads-study/1"
AS_IT_IS = "as it is"  # what the base of a margin is called beside its additions


def _measure(written: Any) -> Any:
    if isinstance(written, str) and measure(written) is None:
        raise refusal(f'no measure is called "{written}"', advice(written))
    return written


def _event(written: Any) -> Any:
    if not isinstance(written, str) or (found := measure(written)) is None or found.is_event:
        return written
    _, stroke, inner = written.partition(PER_CLASS)
    near = [name for name in events() if (one := measure(name)) is not None and one.numerator == found.numerator.partition(PER_CLASS)[0]]
    advised = ", ".join(f"{name}{stroke}{inner}" for name in near or events())
    raise refusal(f'"{written}" is no yes or no per replication, so it is no event', f"write {'' if near else 'one of '}{advised}")


def known_of(written: Any) -> Spread | Literal["range"]:
    """Return what a study says is known of a figure: ``range`` or a distribution.

    Raises
    ------
    QuantityError
        When it is neither.
    """
    if written == "range":
        return "range"
    if not isinstance(written, dict) or len(written) != 1:
        raise QuantityError("this is not what is known of a figure", "write range, or a distribution such as {uniform: [1, 2]}")
    return read_spread(written, _number, float("-inf"), float("inf"))


def _number(written: object) -> float:
    if isinstance(written, bool) or not isinstance(written, int | float):
        raise QuantityError("the members of a distribution are plain numbers in the figure's own unit", "write {uniform: [1, 2]}")
    return float(written)


def _range(written: Any) -> tuple[float, float]:
    if not isinstance(written, list) or len(written) != 2:
        raise QuantityError("this is not a range", "write [low, high] in the figure's own unit")
    low, high = (_number(one) for one in written)
    if low >= high:
        raise QuantityError("the range is empty", "write [low, high] with low below high")
    return low, high


MeasureName = Annotated[str, BeforeValidator(_measure)]
EventName = Annotated[MeasureName, BeforeValidator(_event)]
Known = Annotated[Any, reader(known_of)]
Range = Annotated[tuple[float, float], reader(_range)]
Replications = Annotated[int, Field(ge=2, le=100_000_000)]
Level = Annotated[float, Field(gt=0.5, lt=1.0)]


class Variant(Model):
    """One state of the world to be simulated: a scenario and what is set in it."""

    scenario: Text | None = None
    """a shipped name, a file beside the study, or a text with {factor} in the place of a level"""
    set: dict[Name, Any] = Field(default_factory=dict)
    """values by path, as in --set"""
    only: tuple[Name, ...] | None = None
    """hostile groups that are kept, with what they release; all when left out"""
    without: tuple[Name, ...] = ()
    """groups and sites that are taken away, by name or pattern such as "*jammer*\""""
    listing: Annotated[int, Field(ge=0)] = 0
    """another order in which sites and objects are listed; what comes at the same microsecond follows it; 0 as written"""
    about: Text = ""


class Unknowns(Model):
    """The outer loop: what is not known, drawn once for all shots and all alternatives of a sample."""

    samples: Annotated[int, Field(ge=4, le=100_000)] = 64
    replications: Replications = 50
    figures: Annotated[dict[Name, Known], Field(min_length=1)]
    """by path or pattern: ``range`` (between the catalogue's low and high) or a distribution"""


class Stop(Model):
    """Stop a block when the interval of a measure is narrow enough for every alternative."""

    half_width: Annotated[float, Field(gt=0.0)]
    measure: MeasureName | None = None
    """the first of the block's measures when left out"""
    minimum: Annotated[int, Field(ge=200)] = 200
    batch: Annotated[int, Field(ge=50)] = 100


class Block(Model):
    """What every part of a study has."""

    name: Name = "main"
    question: Text = ""
    measures: Annotated[tuple[MeasureName, ...], Field(min_length=1)] = ("impacts",)
    replications: Replications = 400
    stop: Stop | None = None

    @property
    def watched(self) -> str:
        """Return the measure whose interval stops the block."""
        return (self.stop.measure if self.stop is not None else None) or self.measures[0]


class Replicate(Block):
    """Many replications of one or more alternatives."""

    kind: Literal["replicate"]
    alternatives: Annotated[dict[Name, Variant], Field(min_length=1)]


class Compare(Block):
    """Alternatives against a baseline on common random numbers."""

    kind: Literal["compare"]
    alternatives: Annotated[dict[Name, Variant], Field(min_length=2)]
    against: Name | None = None
    """the baseline; the first alternative when left out"""
    flips: dict[Name, Variant] = Field(default_factory=dict)
    """changes applied to every alternative: would the verdict flip?"""


class Sweep(Block):
    """One value after another, at the same replications: a response curve with its knee."""

    kind: Literal["sweep"]
    base: Variant
    over: Annotated[dict[Name, Annotated[list[Any], Field(min_length=1)]], Field(min_length=1, max_length=3)]


class Rule(Variant):
    """What else holds in the cells that have some levels, such as a radar's mast, which is named otherwise in each system."""

    when: Annotated[dict[Name, Name], Field(min_length=1)]


class Design(Block):
    """A full factorial of levels, or points that fill ranges evenly."""

    kind: Literal["design"]
    base: Variant
    factors: dict[Name, Annotated[dict[Name, Variant], Field(min_length=2)]] = Field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    """applied after the levels, in order; "{factor}" in a path or a scenario's name stands for the cell's level"""
    choice: tuple[Name, ...] = ()
    """factors whose change from first to last level is taken apart; the others are conditions; all when left out"""
    average: tuple[Name, ...] = ()
    """factors over which effects are averaged, such as the bearing of the raid; their spread is shown"""
    by: tuple[Name, ...] = ()
    """factors whose levels are questions of their own, such as the class of target: no mean and no effect is taken over them"""
    points: Literal["lhs", "sobol"] | None = None
    samples: Annotated[int, Field(ge=2, le=100_000)] = 32
    ranges: dict[Name, Range] = Field(default_factory=dict)


class Knowledge(Block):
    """Knowledge against luck: an outer loop over what is not known, an inner loop over chance."""

    kind: Literal["knowledge"]
    alternatives: Annotated[dict[Name, Variant], Field(min_length=1)]
    against: Name | None = None
    knowledge: Unknowns


class Sensitivity(Block):
    """Which unknown drives one measure: Morris screening, then Sobol indices of those that are left."""

    kind: Literal["sensitivity"]
    base: Variant
    figures: Annotated[dict[Name, Known], Field(min_length=2)]
    method: Literal["morris", "sobol", "morris+sobol"] = "morris+sobol"
    trajectories: Annotated[int, Field(ge=4, le=1000)] = 10
    samples: Annotated[int, Field(ge=16, le=65536)] = 128
    keep: Annotated[int, Field(ge=2, le=20)] = 6
    """factors that go from the screening to the indices"""


class Step(Model):
    """One size of the defence."""

    name: Name
    set: dict[Name, Any] = Field(default_factory=dict)
    scenario: Text | None = None


class Size(Block):
    """The first step that is shown to keep an event away with a stated probability; "not reachable" and "cannot tell" are answers."""

    kind: Literal["size"]
    base: Variant
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    event: EventName = "any_impact"
    probability: Annotated[float, Field(gt=0.0, lt=1.0)] = 0.9
    """of the event not happening"""


class Margin(Block):
    """What one more mast, radar, launcher, unit or reload buys."""

    kind: Literal["margin"]
    base: Variant
    additions: Annotated[dict[Name, Variant], Field(min_length=1)]


class Ties(Block):
    """Whether anything depends on the order in which the same microsecond's events are taken."""

    kind: Literal["ties"]
    alternatives: Annotated[dict[Name, Variant], Field(min_length=1)]
    orders: Annotated[int, Field(ge=1, le=1000)] = 20


AnyBlock = Replicate | Compare | Sweep | Design | Knowledge | Sensitivity | Size | Margin | Ties
KINDS: dict[str, type[AnyBlock]] = {
    "replicate": Replicate,
    "compare": Compare,
    "sweep": Sweep,
    "design": Design,
    "knowledge": Knowledge,
    "sensitivity": Sensitivity,
    "size": Size,
    "margin": Margin,
    "ties": Ties,
}


class Study(Model):
    """A whole study: one or more blocks that share a seed, so that all of it is on common random numbers."""

    format: Literal["openiads-study/1"]
    name: Name
    about: Text
    question: Text
    seed: Annotated[int, Field(ge=0, lt=2**64)] = 1
    level: Level = 0.95
    blocks: tuple[AnyBlock, ...]
    outside: tuple[Text, ...] = ()
    """what the study says nothing about, printed in its report"""
