"""Every model function says its limits and its source, and every source is in the bibliography."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src/openiads"
FILES = sorted([*(PACKAGE / "model").rglob("*.py"), *(PACKAGE / "earth").rglob("*.py")])
PHYSICS = {
    "model": "attenuation ballistics beam detection detection_approximations diffraction faults glide jamming kepler lobing motion"
    " propagation range_equation recorded signature",
    "earth": "atmosphere mask refraction",
}
# What carries data about and has no physics of its own.
PLUMBING = {
    "diffraction.fresnel_v",
    "mask.frozen",
    "faults.between",
    "faults.cleaned",
    "faults.without_jumps",
    "recorded.reported",
    "refraction.effective_radius_m",
    "atmosphere.geometric_m",
    "atmosphere.geopotential_m",
    "atmosphere.pressure_altitude_from_amsl_m",
    "atmosphere.pressure_altitude_m",
}
KERNELS = ("kernel", "folded_kernel", "allocating_kernel", "inner_kernel", "folded", "inlined")
KEY = re.compile(r"\[([a-z][a-z0-9]*(?:-?[a-z0-9]+)*)\]")
SOURCE = re.compile(r"Source\s*(?::|\n\s*-+)(.*?)(?=\n\s*\n|\Z)", re.DOTALL)


def public_functions(path: Path) -> list[tuple[ast.FunctionDef, bool]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = [node for node in tree.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]
    return [(node, any(isinstance(d, ast.Name) and d.id in KERNELS for d in node.decorator_list)) for node in found]


def bibliography() -> set[str]:
    return set(re.findall(r"^- \*\*\[([^\]]+)\]\*\*", (ROOT / "docs/bibliography.md").read_text(encoding="utf-8"), re.MULTILINE))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_public_function_has_a_docstring(path: Path) -> None:
    assert [node.name for node, _ in public_functions(path) if not ast.get_docstring(node)] == []


@pytest.mark.parametrize(("folder", "name"), [(folder, name) for folder, names in PHYSICS.items() for name in names.split()])
def test_every_model_function_states_limits_and_source(folder: str, name: str) -> None:
    lacking = []
    for node, is_kernel in public_functions(PACKAGE / folder / f"{name}.py"):
        text = ast.get_docstring(node) or ""
        if not is_kernel and f"{name}.{node.name}" not in PLUMBING and not ("Limits" in text and "Source" in text):
            lacking.append(node.name)
    assert lacking == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_source_is_in_the_bibliography(path: Path) -> None:
    known = bibliography()
    unknown = []
    for node, _ in public_functions(path):
        for said in SOURCE.findall(ast.get_docstring(node) or ""):
            keys = KEY.findall(said)
            unknown += [(node.name, key) for key in keys if key not in known]
    assert unknown == []


def test_bibliography_keys_are_unique() -> None:
    keys = re.findall(r"^- \*\*\[([^\]]+)\]\*\*", (ROOT / "docs/bibliography.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(keys) == len(set(keys))
