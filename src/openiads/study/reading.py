"""Reads study files: every problem with file, line, column, what is wrong and what to do."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from openiads import catalogue, strict_yaml
from openiads.errors import UserError, WorkError, names_like
from openiads.scenario.quantities import type_word
from openiads.strict_yaml import Document, Placed, Problem, StrictYamlError, emitted
from openiads.strict_yaml import Path as Steps
from openiads.study import forms, references
from openiads.study.model import AS_IT_IS, KINDS, AnyBlock, Design, Margin, Size, Study, Sweep

SHIPPED = Path(__file__).parent / "shipped"
_PLACED_KEYS = ("set", "over", "figures", "ranges")
_TOP = ("format", "name", "about", "question", "seed", "level", "outside")


def shipped() -> list[str]:
    """Return the names of the studies that come with openiads."""
    return sorted(path.stem for path in SHIPPED.glob("*.yaml") if _is_study(path))


def find(name_or_path: str | Path) -> Path:
    """Return the file of a study named by a shipped name or a path.

    Raises
    ------
    UserError
        When there is no such study; the message names near ones.
    """
    text = str(name_or_path)
    if text in shipped():
        return SHIPPED / f"{text}.yaml"
    path = Path(text)
    try:
        if path.is_file():
            return path
    except (OSError, ValueError):
        pass
    near = names_like(text, shipped()) or "shipped: " + ", ".join(shipped())
    raise UserError(f'no study is called "{text[:80]}"; {near}; or give the path of a file')


def read(name_or_path: str | Path) -> tuple[Study, Path]:
    """Read a study and return it with its file, beside which its scenario files lie.

    Raises
    ------
    UserError
        With every problem found, located.
    """
    path = find(name_or_path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise WorkError(f"{path}: the file cannot be read ({error.strerror}); check that you may read it") from None
    study, document = _parsed(content, path.name if path.parent == SHIPPED else str(name_or_path))
    known, found = catalogue.load(), list[Problem]()
    for place, block in _placed(document, study.blocks):
        for steps, what, remedy, at_key in references.examine(block, known):
            found.append(document.problem((*place, *steps), what, remedy, at_key=at_key))
    if found:
        raise StrictYamlError(_in_order(found))
    return study, path


def parse(content: bytes | str, name: str) -> Study:
    """Return the study that a text says; whether the catalogue has what it names is not looked at.

    Raises
    ------
    StrictYamlError
        With every problem found.
    """
    return _parsed(content, name)[0]


def _parsed(content: bytes | str, name: str) -> tuple[Study, Document]:
    document = strict_yaml.read(content, name)
    if not isinstance(document.value, dict):
        raise StrictYamlError([document.problem((), "this is not a study", 'begin with "format: openiads-study/1"')])
    value = dict(document.value)
    is_single = "blocks" not in value
    if is_single:
        value = {key: value[key] for key in _TOP if key in value}
        value["blocks"] = [{key: document.value[key] for key in document.value if key not in _TOP}]
    problems: list[Problem] = []
    blocks = _blocks(document, value.get("blocks"), is_single, problems)
    try:
        study = Study.model_validate({**value, "blocks": ()})
    except ValidationError as error:
        problems += [forms.problem(document, (), one, Study) for one in error.errors()]
        raise StrictYamlError(_in_order(problems)) from None
    problems += _names(document, blocks)
    if problems:
        raise StrictYamlError(_in_order(problems))
    return study.model_copy(update={"blocks": tuple(blocks)}), document


def _placed(document: Document, blocks: Sequence[AnyBlock]) -> list[tuple[Steps, AnyBlock]]:
    """Return blocks with their places in the file."""
    is_single = "blocks" not in document.value
    return [(() if is_single else ("blocks", index), block) for index, block in enumerate(blocks)]


def _blocks(document: Document, written: Any, is_single: bool, problems: list[Problem]) -> list[AnyBlock]:
    if not isinstance(written, list) or not written:
        problems.append(document.problem(("blocks",), "there is nothing to do", "write a list of blocks, each with its kind"))
        return []
    found: list[AnyBlock] = []
    for index, block in enumerate(written):
        place: tuple[str | int, ...] = () if is_single else ("blocks", index)
        if not isinstance(block, dict):
            problems.append(document.problem(place, f"{type_word(block)} is not a block", "write {kind: ..., ...}"))
            continue
        kind = block.get("kind")
        model = KINDS.get(kind) if isinstance(kind, str) else None
        if model is None:
            said = f"{type_word(kind)} is not a kind of study" if "kind" in block else 'the key "kind" is missing'
            near = names_like(kind, list(KINDS)) if isinstance(kind, str) else ""
            where = (*place, "kind") if "kind" in block else place
            problems.append(document.problem(where, said, near or f"write kind: and one of {', '.join(KINDS)}"))
            continue
        try:
            found.append(model.model_validate(_remembering(document, place, block)))
        except ValidationError as error:
            problems += [forms.problem(document, place, one, model) for one in error.errors()]
    return found


def _remembering(document: Document, place: Steps, value: Any) -> Any:
    """Return plain values in which scenarios, groups and the paths of values remember where they stand."""

    def here(text: Any, *steps: str | int, at_key: bool = False) -> Any:
        """Return a text with its place."""
        path = (*place, *steps)
        position = document.key_position(path) if at_key else document.position(path)
        return Placed(text, document.name, *position) if isinstance(text, str) else text

    if isinstance(value, list):
        return [_remembering(document, (*place, number), one) for number, one in enumerate(value)]
    if not isinstance(value, dict):
        return value
    found: dict[Any, Any] = {}
    for key, inner in value.items():
        if key in _PLACED_KEYS and isinstance(inner, dict):
            found[key] = {here(path, key, path, at_key=True): one for path, one in inner.items()}
        elif key in ("only", "without") and isinstance(inner, list):
            found[key] = [here(one, key, number) for number, one in enumerate(inner)]
        else:
            found[key] = here(inner, key) if key == "scenario" else _remembering(document, (*place, key), inner)
    return found


def _names(document: Document, blocks: list[AnyBlock]) -> list[Problem]:
    """Return what the blocks say about each other that cannot be."""
    found: list[Problem] = []
    seen: set[str] = set()
    for place, block in _placed(document, blocks):
        if block.name in seen:
            found.append(document.problem(place, f'two blocks are called "{block.name}"', "give each block a name of its own"))
        seen.add(block.name)
        against = getattr(block, "against", None)
        known = list(getattr(block, "alternatives", {}))
        if against is not None and against not in known:
            found.append(document.problem((*place, "against"), f'there is no alternative "{against}"', f"write one of {', '.join(known)}"))
        found += [document.problem((*place, *steps), what, remedy) for steps, what, remedy in _twice(block)]
        if isinstance(block, Design):
            found += _design(document, place, block)
        samples = getattr(block, "samples", 2)
        is_sobol = getattr(block, "points", None) == "sobol" or "sobol" in getattr(block, "method", "")
        if is_sobol and samples & (samples - 1):
            found.append(document.problem((*place, "samples"), f"{samples} is no power of two", "write 64, 128, 256, 512 ..."))
    return found


def _twice(block: AnyBlock) -> Iterator[tuple[Steps, str, str]]:
    """Yield what a block says twice, so that one would stand for the other."""
    if isinstance(block, Size):
        names = [step.name for step in block.steps]
        for number in _repeated(names):
            yield ("steps", number, "name"), f'two steps are called "{names[number]}"', "give each step a name of its own"
    if isinstance(block, Sweep):
        for path, values in block.over.items():
            for number in _repeated([emitted(value) for value in values]):
                yield ("over", path, number), f"{emitted(values[number])} stands twice", "write each value once"
    if isinstance(block, Margin) and AS_IT_IS in block.additions:
        yield ("additions", AS_IT_IS), f'"{AS_IT_IS}" is what the base is called', "give the addition another name"


def _repeated(words: Sequence[str]) -> list[int]:
    return [number for number, word in enumerate(words) if word in words[:number]]


def _design(document: Document, place: tuple[str | int, ...], block: Design) -> list[Problem]:
    """Return what a design says of itself that cannot be."""
    found = []
    if bool(block.factors) == bool(block.points):
        remedy = "write factors: {...}, or points: lhs and ranges"
        found.append(document.problem(place, "a design has either factors or points", remedy))
    if block.points and not block.ranges:
        found.append(document.problem(place, "points need ranges", "write ranges: {PATH: [low, high]}"))
    for key in ("choice", "average", "by"):
        for unknown in [name for name in getattr(block, key) if name not in block.factors]:
            near = names_like(unknown, list(block.factors)) or f"write some of {', '.join(block.factors)}"
            found.append(document.problem((*place, key), f'there is no factor "{unknown}"', near))
    return found + _roles(document, place, block) + _rules(document, place, block)


def _roles(document: Document, place: tuple[str | int, ...], block: Design) -> list[Problem]:
    """Return where no factor is left to change, or one is asked to change and to stay."""
    found = []
    for key in ("average", "by"):
        for twice in [name for name in getattr(block, key) if name in block.choice or (key == "by" and name in block.average)]:
            other = "choice" if twice in block.choice else "average"
            said = f'block "{block.name}" has the factor "{twice}" in {key} and in {other}'
            found.append(document.problem((*place, key), said, f"leave {twice} in one of the two"))
    left = [factor for factor in block.factors if factor not in {*block.average, *block.by}]
    if block.factors and not left and not block.choice:
        keys = " and ".join(key for key in ("average", "by") if getattr(block, key))
        said = f'block "{block.name}" names all its factors in {keys}, so none is left to compare'
        where = (*place, "average" if block.average else "by")
        found.append(document.problem(where, said, f"leave one of {', '.join(block.factors)} out of {keys}: the one whose change is asked"))
    return found


def _rules(document: Document, place: tuple[str | int, ...], block: Design) -> list[Problem]:
    """Return which rules speak of levels that no cell has."""
    found = []
    for number, rule in enumerate(block.rules):
        for factor, level in rule.when.items():
            levels = list(block.factors.get(factor, ()))
            if level not in levels:
                near = names_like(level, levels) or names_like(factor, list(block.factors)) or "write {FACTOR: LEVEL} of this design"
                found.append(document.problem((*place, "rules", number, "when"), f"no cell has {factor} {level}", near))
    return found


def _in_order(problems: list[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda one: (one.line, one.column))


def _is_study(path: Path) -> bool:
    with path.open("rb") as stream:
        return b"\nformat: openiads-study/" in b"\n" + stream.read(4000)
