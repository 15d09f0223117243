"""What a study rests on, so that it can be told apart, resumed and repeated."""

import hashlib
import os
import platform
from collections.abc import Mapping
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

SWITCHES = ("NPY_DISABLE_CPU_FEATURES", "GLIBC_TUNABLES", "NUMBA_DISABLE_JIT")
PACKAGES = ("numpy", "scipy", "numba", "duckdb", "pydantic")


@cache
def source_digest() -> str:
    """Return the SHA-256 over the names and bytes of the package's code and data."""
    root = Path(__file__).parents[1]
    total = hashlib.sha256()
    for path in sorted(root.rglob("*.py")) + sorted(root.rglob("*.yaml")):
        total.update(str(path.relative_to(root)).encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def environment() -> dict[str, Any]:
    """Return versions, machine and switches that change the last bits of a float; no part of any digest of results."""
    versions = {name: metadata.version(name) for name in PACKAGES}
    switches = {
        name: os.environ[name] for name in ("NPY_DISABLE_CPU_FEATURES", "GLIBC_TUNABLES", "NUMBA_DISABLE_JIT") if name in os.environ
    }
    lock = Path(__file__).parents[3] / "uv.lock"
    return {
        "openiads": metadata.version("openiads"),
        "source": source_digest(),
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}",
        "packages": versions,
        "lock": hashlib.sha256(lock.read_bytes()).hexdigest() if lock.is_file() else None,
        "switches": switches,
    }


def differences(known: Mapping[str, Any], asked: Mapping[str, Any]) -> list[str]:
    """Return in words why results recorded for one identity cannot be used for another: other code, figures, seed or scenarios.

    More replications, other questions and more alternatives are no difference: what was recorded stays true.
    """
    fixed = [key for key in known if key not in ("scenarios", "content")]
    found = [f"{key} {_short(known[key])} against {_short(asked.get(key))}" for key in fixed if known[key] != asked.get(key)]
    old, new = known.get("scenarios", {}), asked.get("scenarios", {})
    return found + [f"scenario {key}" for key in sorted(set(old) & set(new)) if old[key] != new[key]]


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 20 else text[:16] + "..."
