"""Writes ``compiled.json`` beside the YAML files: ``python -m openiads.catalogue.compile`` after every change of them."""

import json

from openiads.catalogue.load import COMPILED, DATA, files_digest, read_folder, rows


def compiled_text() -> str:
    """Return what ``compiled.json`` must hold for the YAML files as they are."""
    return json.dumps(rows(read_folder(DATA), files_digest(DATA)), ensure_ascii=False, separators=(",", ":"), indent=0) + "\n"


if __name__ == "__main__":
    (DATA / COMPILED).write_text(compiled_text(), encoding="utf-8")
