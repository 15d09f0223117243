"""Which code, catalogue, packages and machine a result came from."""

import hashlib
import os
import platform
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

PACKAGES = ("numpy", "scipy", "numba", "duckdb", "pydantic")
SWITCHES = ("NPY_DISABLE_CPU_FEATURES", "GLIBC_TUNABLES", "NUMBA_DISABLE_JIT")


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
    lock = Path(__file__).parents[3] / "uv.lock"
    return {
        "openiads": metadata.version("openiads"),
        "source": source_digest(),
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}",
        "packages": {name: metadata.version(name) for name in PACKAGES},
        "lock": hashlib.sha256(lock.read_bytes()).hexdigest() if lock.is_file() else None,
        "switches": {name: os.environ[name] for name in SWITCHES if name in os.environ},
    }
