"""What ``--set PATH=VALUE`` changes: the study's own numbers, or a value in every scenario of the study."""

from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import TypeAdapter, ValidationError

from openiads.errors import UserError
from openiads.scenario.overrides import pairs
from openiads.scenario.quantities import Model
from openiads.study.alternatives import put
from openiads.study.model import AnyBlock, Study, Variant

OWN = ("seed", "level")
IN_BLOCKS = ("replications", "orders", "samples", "trajectories", "keep", "knowledge.samples", "knowledge.replications")


def overridden(study: Study, overrides: Iterable[str]) -> Study:
    """Return the study with some values set.

    Parameters
    ----------
    study : Study
    overrides : iterable of str
        ``seed=7`` and ``replications=1000`` (in every block that has them; ``BLOCK.replications=1000`` in one) change the
        study; any other path is set in the scenario of every alternative.

    Raises
    ------
    UserError
        When a value does not fit.
    """
    for path, value in pairs(overrides):
        study = _one(study, path, value)
    return study


def _one(study: Study, path: str, value: Any) -> Study:
    if path in OWN:
        return study.model_copy(update={path: _checked(study, path, value, path)})
    names = {block.name for block in study.blocks}
    first, _, rest = path.partition(".")
    chosen, key = ({first}, rest) if first in names and rest in IN_BLOCKS else (names, path)
    if key in IN_BLOCKS:
        blocks = [_block(block, key, value, path) if block.name in chosen else block for block in study.blocks]
        if blocks == list(study.blocks):
            raise UserError(f"--set {path}: no block of {study.name} has this, or it has this value already")
        return study.model_copy(update={"blocks": tuple(blocks)})
    return study.model_copy(update={"blocks": tuple(_everywhere(block, path, value) for block in study.blocks)})


def _block(block: AnyBlock, key: str, value: Any, path: str) -> AnyBlock:
    outer, _, inner = key.partition(".")
    if outer not in type(block).model_fields:
        return block
    if not inner:
        return block.model_copy(update={outer: _checked(block, outer, value, path)})
    held = getattr(block, outer)
    return block.model_copy(update={outer: held.model_copy(update={inner: _checked(held, inner, value, path)})})


def _everywhere(block: AnyBlock, path: str, value: Any) -> AnyBlock:
    def changed(variant: Variant) -> Variant:
        """Return the variant with the value set."""
        return variant.model_copy(update={"set": put(variant.set, path, value)})

    update: dict[str, Any] = {}
    if "base" in type(block).model_fields:
        update["base"] = changed(block.base)  # type: ignore[union-attr]
    if "alternatives" in type(block).model_fields:
        update["alternatives"] = {name: changed(one) for name, one in block.alternatives.items()}  # type: ignore[union-attr]
    return block.model_copy(update=update)


def _checked(model: Model, key: str, value: Any, path: str) -> Any:
    field = type(model).model_fields[key]
    kind: Any = Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation
    try:
        return TypeAdapter(kind).validate_python(value)
    except ValidationError as error:
        raise UserError(f"--set {path}={value}: {error.errors()[0]['msg'].lower()}") from None
