"""Pictures of pages for the documentation: `uv run python tests/web/screenshots.py OUT PAGE...`, pages as written by openiads."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

MOMENTS = {"replay": (0.0, 0.45, 0.8)}


def main(out: Path, pages: list[Path]) -> None:
    """Write light and dark pictures of each page, of a replay at several moments."""
    out.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("no chromium on this machine: apt-get install chromium")
    with sync_playwright() as control:
        browser = control.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for path in pages:
            for theme in ("light", "dark"):
                page = browser.new_page(viewport={"width": 1280, "height": 800}, color_scheme=theme)
                page.goto(path.resolve().as_uri())
                page.wait_for_function("window.__app && window.__app.ready")
                for share in MOMENTS.get(path.stem, (0.0,)):
                    page.evaluate("share => window.__app.seek(share * Number(document.querySelector('.slider')?.max ?? 0))", share)
                    page.wait_for_timeout(400)
                    page.screenshot(path=out / f"{path.parent.name}-{path.stem}-{theme}-{round(share * 100)}.png")
                page.close()
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(word) for word in sys.argv[2:]])
