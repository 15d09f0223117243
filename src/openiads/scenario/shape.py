"""What may stand where: the tree of keys that the models accept, for paths and for advice."""

import types
import typing
from functools import cache
from typing import Any, NamedTuple

from pydantic import BaseModel


class Shape(NamedTuple):
    """One place in a scenario: a model with keys, a list or a table of equal members, or a single value."""

    kind: str  # model | list | table | value
    model: type[BaseModel] | None = None
    member: Any = None

    @property
    def keys(self) -> dict[str, Any]:
        """Return the annotation of each key of a model, by the name used in files."""
        return _keys(self.model) if self.model else {}

    def inside(self, step: str | int) -> "Shape | None":
        """Return the shape one step further in, or None where nothing may stand."""
        if self.kind == "model":
            annotation = self.keys.get(str(step))
            return None if annotation is None else shape(annotation)
        return shape(self.member) if self.kind in ("list", "table") else None


@cache
def _keys(model: type[BaseModel]) -> dict[str, Any]:
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


@cache
def shape(annotation: Any) -> Shape:
    """Return the shape of a field's annotation."""
    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        return shape(typing.get_args(annotation)[0])
    if origin in (typing.Union, types.UnionType):
        known = [shape(member) for member in typing.get_args(annotation) if member is not type(None)]
        return next((found for found in known if found.kind != "value"), Shape("value"))
    if origin is tuple:
        return Shape("list", None, typing.get_args(annotation)[0])
    if origin is dict:
        return Shape("table", None, typing.get_args(annotation)[1])
    if isinstance(annotation, type) and issubclass(annotation, BaseModel) and annotation.__name__ not in _SINGLE:
        return Shape("model", annotation)
    return Shape("value")


_SINGLE = ("Height", "TimeLaw", "Rule")  # models that a file writes as one value
