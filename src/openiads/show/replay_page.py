"""One self-contained HTML file of the viewer: own modules joined, libraries and data inlined, nothing fetched."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from openiads.show import replay as encoding
from openiads.show import study_page
from openiads.show.replay_input import ReplayError, ReplayInput
from openiads.web import fetch

WEB = Path(fetch.__file__).parent
LANGUAGES = ("en", "fr")
SCRIPTS = ("ol.js", "milsymbol.js", "uPlot.iife.min.js")
STYLES = ("vendor/ol.css", "vendor/uPlot.min.css", "style.css")
FORMATS = {"openiads-replay": 2, "openiads-coverage": 1, "openiads-replications": 1, "openiads-study": 2}
_IMPORT = re.compile(r'^import\s*(?:\{[^}]*\}\s*from\s*)?"\./([\w-]+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const|let|class) )", re.MULTILINE)


def to_html(data: ReplayInput | Mapping[str, Any], path: Path | str | None = None) -> str:
    """The page of a replay, a coverage or a study as one file that opens from disk and asks for nothing.

    Parameters
    ----------
    data
        A battle, or an encoded object of a known format and version.
    path
        Where to write it; None only returns it.

    Returns
    -------
    The text of the file. Where the browser libraries are absent it is a plain page that says how to complete the installation and holds the
    data.

    Raises
    ------
    ReplayError
        The format or version is not known here, or the data cannot be said in JSON.
    """
    found = encoding.encode(data) if isinstance(data, ReplayInput) else data
    _check_version(found)
    absent = fetch.missing()
    page = _bare_page(found, absent) if absent else _full_page(found)
    if path is not None:
        Path(path).write_text(page, encoding="utf-8")
    return page


def repr_html(page: str, height_px: int = 640) -> str:
    """The same file inside a notebook: an iframe that needs no kernel and no network."""
    mark, entity = min(('"', "&quot;"), ("'", "&#39;"), key=lambda pair: page.count(pair[0]))
    inside = page.replace("&", "&amp;").replace(mark, entity)
    look = f"width:100%;height:{height_px}px;border:0"
    return f'<iframe sandbox="allow-scripts" style="{look}" title="openiads" srcdoc={mark}{inside}{mark}></iframe>'


def _check_version(data: Mapping[str, Any]) -> None:
    kind, version = data.get("format"), data.get("version")
    if kind not in FORMATS:
        raise ReplayError(f"the viewer does not know the format {kind!r}; it shows {', '.join(FORMATS)}")
    if version != FORMATS[kind]:
        raise ReplayError(f"the viewer does not know version {version!r} of {kind} (known: {FORMATS[kind]}): update openiads or run again")


def _full_page(data: Mapping[str, Any]) -> str:
    title = html.escape(str(data.get("name", "openiads")))
    scripts = [_library(name) for name in SCRIPTS] + [joined("main")]
    return "".join(
        (
            f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n{_policy(scripts)}',
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="referrer" content="no-referrer">\n',
            f'<title>{title} · openiads</title>\n<link rel="icon" href="data:,">\n',
            *(f"<style>{(WEB / name).read_text(encoding='utf-8')}</style>\n" for name in STYLES),
            '</head>\n<body>\n<div id="app"><p class="loading" role="status">openiads</p></div>\n',
            f"<noscript>{_without_script(data)}</noscript>\n",
            *(f'<script type="application/json" id="words-{name}">{_words(name)}</script>\n' for name in LANGUAGES),
            encoding.embedded(data),
            *(f"<script>{script}</script>\n" for script in scripts),
            "</body>\n</html>\n",
        )
    )


def _without_script(data: Mapping[str, Any]) -> str:
    """What a reader without JavaScript sees: what is missing, and the first page of a study in words."""
    return f"<p>This page draws its figures with JavaScript, which is off; nothing is fetched from any network.</p>\n{_in_words(data)}"


def _in_words(data: Mapping[str, Any]) -> str:
    if data["format"] != study_page.FORMAT:
        return ""
    return f"<pre>{html.escape(chr(10).join(study_page.in_words(data)))}</pre>\n"


def _bare_page(data: Mapping[str, Any], absent: Sequence[str]) -> str:
    title = html.escape(str(data.get("name", "openiads")))
    about = html.escape(str(data.get("about", "")))
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{title} · openiads</title>\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; img-src data:">\n</head>\n<body>\n'
        f"<h1>{title}</h1>\n<p>{about}</p>\n<p>The picture cannot be drawn: this installation lacks {html.escape(', '.join(absent))}. "
        f"Complete it with <code>{fetch.COMMAND}</code> (npm and a network are needed once), then write this page again.</p>\n"
        f"{_in_words(data)}{encoding.embedded(data)}</body>\n</html>\n"
    )


def _policy(scripts: Sequence[str]) -> str:
    """Only the scripts written here run, whatever the data holds."""
    digests = " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()}'" for s in scripts)
    rules = f"default-src 'none'; script-src {digests}; style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'"
    return f'<meta http-equiv="Content-Security-Policy" content="{rules}">\n'


@cache
def _library(name: str) -> str:
    return _inert((fetch.VENDOR / name).read_text(encoding="utf-8"))


@cache
def _words(name: str) -> str:
    return (WEB / "i18n" / f"{name}.json").read_text(encoding="utf-8").replace("<", "\\u003c")


@cache
def joined(entry: str) -> str:
    """Own modules in one classic script, each before those that import it; imports and exports are taken away."""
    order: list[str] = []
    _visit(entry, order, ())
    bodies = [_EXPORT.sub("", _IMPORT.sub("", _source(name))) for name in order]
    for name, body in zip(order, bodies, strict=True):
        if re.search(r"^(import|export)\b", body, re.MULTILINE):
            raise ReplayError(f"web/{name}.js holds an import or export that the single file cannot join")
    return _inert('(() => {\n"use strict";\n' + "\n".join(bodies) + "\n})();")


def _visit(name: str, order: list[str], above: tuple[str, ...]) -> None:
    if name in above:
        raise ReplayError(f"web modules import each other in a circle: {' > '.join((*above, name))}")
    if name not in order:
        for other in _IMPORT.findall(_source(name)):
            _visit(other, order, (*above, name))
        order.append(name)


@cache
def _source(name: str) -> str:
    return (WEB / f"{name}.js").read_text(encoding="utf-8")


def _inert(script: str) -> str:
    """Nothing inside may end the script element or open a comment."""
    return re.sub(r"<(?=/script|!--|script)", r"\\x3c", script, flags=re.IGNORECASE)
