"""Pictures for the docs, by default of all shipped scenarios: `uv run python tests/web/screenshots.py OUT [NAME...]`."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from openiads.results.running import run
from openiads.scenario import shipped
from openiads.show.pages import run_page

MOMENTS = (0.0, 0.3, 0.45, 0.8)
THEMES = ("light", "dark")


def main(out: Path, names: list[str]) -> None:
    """Write light and dark pictures of each page, of a replay at several moments."""
    out.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("no chromium on this machine: apt-get install chromium")
    with sync_playwright() as control, tempfile.TemporaryDirectory() as scratch:
        browser = control.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for name in names or shipped():
            path = Path(name)
            if name in shipped():
                path = Path(scratch) / f"{name}.html"
                run_page(run(name, seed=1), path)
            pictures(browser, path, out, name if name in shipped() else f"{path.parent.name}-{path.stem}")
        browser.close()


def pictures(browser: Browser, path: Path, out: Path, name: str) -> None:
    """Take one page at its moments in both themes."""
    for theme in THEMES:
        page = browser.new_page(viewport={"width": 1280, "height": 800}, color_scheme=theme)
        page.goto(path.resolve().as_uri())
        length = page.evaluate("Number(document.querySelector('.clock .slider')?.max ?? 0)")
        for share in MOMENTS if length else (0.0,):
            page.evaluate("t => window.__app.seek(t)", share * length)
            page.wait_for_timeout(400)
            page.screenshot(path=out / f"{name}-{theme}-{round(share * 100)}.png")
        page.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
