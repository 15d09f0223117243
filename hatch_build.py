"""Build hook: fetch the viewer's browser libraries by the committed lock file, so that no third-party code lives in the repository."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ViewerAssets(BuildHookInterface):  # type: ignore[type-arg]
    """Complete `src/openiads/web/vendor` before the files are packed; without a network the build goes on without them."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Do nothing when the files exist, else fetch them; fail only when OPENIADS_REQUIRE_ASSETS is set (releases)."""
        assets = _load(Path(self.root) / "src" / "openiads" / "web" / "fetch.py")
        try:
            assets.keep_manifests(Path(self.root))
            assets.fetch(manifests=Path(self.root))
        except (assets.FetchError, OSError) as error:
            if os.environ.get("OPENIADS_REQUIRE_ASSETS"):
                raise
            self.app.display_warning(f"openiads is installed without its viewer ({error}). Later: {assets.COMMAND}")


def _load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("openiads_web_fetch", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"no build helper at {path}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
