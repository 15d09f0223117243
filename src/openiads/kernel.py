"""The one place that names Numba: the decorator, the array types and the cache of compiled kernels.

A kernel is a pure function of floats, integers and plain arrays.  Its machine code is cached in a folder named after a
hash of every source it can reach (its own file and, transitively, each file of its package that this file imports), so
an edited callee or constant in another file can never be served stale.
"""

import hashlib
import os
import re
import tempfile
import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, ParamSpec, Protocol, TypeAlias, TypeVar, cast

import numba
import numpy as np
from llvmlite.binding import Linkage
from numba.core import config, funcdesc, itanium_mangler, types
from numba.core.codegen import JITCodeLibrary, JITCPUCodegen
from numba.np import linalg
from numpy.typing import NDArray

P = ParamSpec("P")
R_co = TypeVar("R_co", covariant=True)
R = TypeVar("R")

Reals: TypeAlias = NDArray[np.float64]
Singles: TypeAlias = NDArray[np.float32]
Ints: TypeAlias = NDArray[np.int64]
Shorts: TypeAlias = NDArray[np.int32]
Bytes: TypeAlias = NDArray[np.int8]
Flags: TypeAlias = NDArray[np.bool_]

# The folder of compiled code below the cache: code that checks its bounds is never served to a run that does not ask for it.
KERNELS = "checked-kernels" if config.BOUNDSCHECK else "kernels"  # type: ignore[attr-defined]

# The symbols of the kernels that run for every look and plot.
BUSIEST = ("_ZN8openiads5model8tracking", "_ZN8openiads5model7sensing", "_ZN8openiads5model9detection")

_IMPORT = re.compile(r"^[ \t]*(?:from[ \t]+(\.*)([\w.]*)[ \t]+import[ \t]+(\([^)]*\)|[^\n]*)|import[ \t]+([^\n]*))", re.MULTILINE)


def _short_symbol(name: str, argtypes: Any, *, abi_tags: Any = (), uid: int | None = None) -> str:
    """Name a compiled function by a hash of its argument types: spelled out, the types of a plan fill pages at every call."""
    types = hashlib.sha256("/".join(str(each) for each in argtypes).encode()).hexdigest()[:20]
    symbol: str = itanium_mangler.mangle(f"{name}.{types}", (), abi_tags=abi_tags, uid=uid)  # type: ignore[no-untyped-call]
    return symbol


funcdesc.default_mangler = _short_symbol


def _load_array_functions() -> None:
    """Load what Numba needs for arrays without SciPy's BLAS: no kernel here calls it, and it takes a twentieth of a short run.

    Numba still checks for it when a kernel that calls it is compiled.
    """
    checked = linalg.ensure_blas
    linalg.ensure_blas = lambda: None
    try:
        from numba.np import arraymath
    finally:
        linalg.ensure_blas = checked
    arraymath.ensure_blas = checked  # type: ignore[attr-defined]


_load_array_functions()


def _count_from_the_front() -> None:
    """Let no index of this package's busiest kernels count from the end: asking at every access took a fifteenth of a battle.

    Where bounds are checked, an index below zero fails in all kernels of the package: a row of -1 means that there is none here, and
    a kernel that reads it reads the last row of others.  Code of others keeps Python's rule.
    """
    from numba.np import arrayobj

    wrapped = arrayobj.fix_integer_index
    chosen = ("_ZN8openiads",) if config.BOUNDSCHECK else BUSIEST  # type: ignore[attr-defined]

    def fix_integer_index(context: Any, builder: Any, kind: Any, index: Any, size: Any) -> Any:
        """Return the index as a machine word; outside the chosen code, a negative one counts from the end."""
        if kind.signed and builder.function.name.startswith(chosen):
            return context.cast(builder, index, kind, types.intp)
        return wrapped(context, builder, kind, index, size)  # type: ignore[no-untyped-call]

    arrayobj.fix_integer_index = fix_integer_index


_count_from_the_front()


class _Library(JITCodeLibrary):
    """The code of one kernel; what only its entry from Python can reach is marked as its own.

    The optimiser then drops the arguments that a callee never reads: a plan is 400 words, and most callees read a few of them.
    """

    def _optimize_functions(self, module: Any) -> None:
        """Tidy each function by itself; what follows optimises the whole, and doing so twice only takes time."""
        module.data_layout = self._codegen._data_layout
        builder = self._codegen._pass_builder(opt=1, loop_vectorize=False, slp_vectorize=False)  # type: ignore[no-untyped-call]
        passes = builder.getFunctionPassManager()
        for function in module.functions:
            passes.run(function, builder)

    def _optimize_final_module(self) -> None:
        functions = [each for each in self._final_module.functions if not each.is_declaration]
        if any(each.name.startswith("_ZN7cpython8openiads") for each in functions):
            for each in functions:
                if each.linkage == Linkage.linkonce_odr:
                    each.linkage = Linkage.internal
        super()._optimize_final_module()  # type: ignore[no-untyped-call]


JITCPUCodegen._library_class = _Library


class Kernel(Protocol[P, R_co]):
    """A compiled pure function; without compilation it is the bare Python function."""

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R_co:
        """Run the compiled form."""
        ...


def kernel(function: Callable[P, R]) -> Kernel[P, R]:
    """Compile a pure function: cached by source hash, C division rules, without the interpreter lock, without counting references.

    It writes into the arrays it is given and makes none: counting who holds which array took a third of a battle's time.
    """
    return _compiled(function, inner=False)


def allocating_kernel(function: Callable[P, R]) -> Kernel[P, R]:
    """Compile a pure function that needs arrays of its own for the time of its call: as ``kernel``, with references counted."""
    return _compiled(function, inner=False, allocates=True)


def inner_kernel(function: Callable[P, R]) -> Kernel[P, R]:
    """Compile a pure function that only other kernels call: as ``kernel``, without the entry that Python would call.

    The entry of a function that takes a whole plan costs as long to compile as its body.
    """
    return _compiled(function, inner=True)


def folded_kernel(function: Callable[P, R]) -> Kernel[P, R]:
    """Compile a small pure function that is called very often: as ``kernel``, and its code goes into every caller.

    A call hands an array over in seven words; most such bodies cost less than that.
    """
    return _compiled(function, inner=False, folds=True)


def folded(function: Callable[P, R]) -> Kernel[P, R]:
    """Compile a pure function that only one other kernel calls, often: as ``inner_kernel``, and its code goes into the caller.

    Unlike ``inlined`` it is typed by itself, which is quicker for a long body.
    """
    return _compiled(function, inner=True, folds=True)


def inlined(function: Callable[P, R]) -> Kernel[P, R]:
    """Mark a pure function that kernels call in one place: its body is compiled into its caller.

    A call that hands a whole plan over costs more to compile and to make than most such bodies.
    """
    options: dict[str, Any] = {"inline": "always", "nogil": True, "error_model": "numpy", "_nrt": False}
    return cast("Kernel[P, R]", numba.njit(**options)(function))


def _compiled(function: Callable[P, R], inner: bool, allocates: bool = False, folds: bool = False) -> Kernel[P, R]:
    folder = _cache_folder(function)
    saved, config.CACHE_DIR = config.CACHE_DIR, str(folder or "")  # type: ignore[attr-defined]
    try:
        options: dict[str, Any] = {"nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True}
        options |= {"no_cpython_wrapper": inner, "_nrt": allocates, "forceinline": folds}
        jit = numba.njit(cache=folder is not None, **options)(function)
    finally:
        config.CACHE_DIR = saved  # type: ignore[attr-defined]
    return cast("Kernel[P, R]", jit)


def plain(function: Kernel[P, R]) -> Callable[P, R]:
    """Return the interpreted form of a kernel, with or without compilation switched on."""
    return cast("Callable[P, R]", getattr(function, "py_func", function))


def cache_root() -> Path | None:
    """Return a writable folder for compiled code, or None when this machine offers none (then only time is lost)."""
    return _first_writable(os.environ.get("OPENIADS_CACHE_DIR", ""))


@cache
def _first_writable(chosen: str) -> Path | None:
    candidates = [Path(chosen)] if chosen else []
    try:
        candidates.append(Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "openiads")
    except RuntimeError:  # no home folder can be named
        pass
    candidates.append(Path(tempfile.gettempdir()) / f"openiads-{os.getuid() if hasattr(os, 'getuid') else 'user'}")
    for folder in candidates:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                return folder.resolve()
        except OSError:
            continue
    warnings.warn("no writable cache folder: kernels are compiled anew in every process", RuntimeWarning, stacklevel=2)
    return None


def _cache_folder(function: Callable[..., Any]) -> Path | None:
    root = cache_root()
    if root is None:
        return None
    digest = source_digest(Path(function.__code__.co_filename), function.__module__)
    return root / KERNELS / digest


@cache
def source_digest(path: Path, module: str) -> str:
    """Hash the file of a module and every file of its top-level package that it imports, directly or not."""
    root = path.resolve().parent
    for _ in range(module.count(".") - (path.stem != "__init__")):
        root = root.parent
    digest = hashlib.sha256()
    for source in sorted({path.resolve(), Path(__file__).resolve(), *_reached(path.resolve(), root)}):
        digest.update(source.name.encode() + b"\0" + _content_digest(source))
    return digest.hexdigest()[:16]


@cache
def _content(path: Path) -> bytes:
    return path.read_bytes()


@cache
def _content_digest(path: Path) -> bytes:
    return hashlib.sha256(_content(path)).digest()


@cache
def _imports(path: Path, root: Path) -> tuple[Path, ...]:
    """Return the files below ``root`` (the folder of the top-level package) that one file names in its imports.

    Lines are matched, not parsed, which takes a tenth of the time; one in a string at worst adds a file.
    """
    package, base = root.name, root.parent
    names: list[str] = []
    for dots, module, parts, plain_import in _IMPORT.findall(_content(path).decode()):
        words = [part.split(" as ")[0].strip(" ()\t\r\n\\") for part in re.sub(r"#[^\n]*", "", parts or plain_import).split(",")]
        listed = [word for word in words if word]
        if plain_import:
            names += listed
            continue
        stem = ".".join(path.relative_to(base).parts[: -len(dots)]) if dots else ""
        whole = ".".join(part for part in (stem, module) if part)
        parts_of = [f"{whole}.{part}" for part in listed]
        names += parts_of if all(_file(base, part) for part in parts_of) else [whole, *parts_of]
    found = [_file(base, name) for name in names if name.split(".")[0] == package]
    return tuple(dict.fromkeys(file for file in found if file))


@cache
def _file(base: Path, name: str) -> Path | None:
    """Return the file of a module by its dotted name; most names are asked for by many files."""
    place = base.joinpath(*name.split("."))
    return next((file for file in (place.with_suffix(".py"), place / "__init__.py") if file.is_file()), None)


def _reached(path: Path, root: Path) -> set[Path]:
    seen: set[Path] = set()
    waiting = [path]
    while waiting:
        current = waiting.pop()
        if current not in seen:
            seen.add(current)
            waiting += _imports(current, root)
    return seen
