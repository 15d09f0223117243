"""The coverage and study pages in a real browser."""

from __future__ import annotations

import pytest

from openiads.show import replay_coverage, replay_page, study_page
from openiads.show.replay_input import ReplayError

HELPERS = {"coverage": replay_coverage, "study": study_page}


def written(kind, tmp_path, invented_pages, **words):
    page = tmp_path / f"{kind}.html"
    replay_page.to_html(HELPERS[kind].encode(getattr(invented_pages, kind)(**words)), page)
    return page


@pytest.mark.browser
def test_the_height_slider_changes_what_is_covered(visit, tmp_path, invented_pages):
    visit.open(f"file://{written('coverage', tmp_path, invented_pages)}")
    low = visit.page.inner_text(".cover-facts .lead")
    visit.page.locator(".cover-controls .slider").focus()
    for _ in range(4):
        visit.page.keyboard.press("ArrowRight")
    high = visit.page.inner_text(".cover-facts .lead")
    share = lambda text: float(text.split("%")[0])  # noqa: E731
    assert share(high) > 5 * share(low)
    assert "9,000 m" in visit.page.inner_text(".cover-controls") or "9 km" in visit.page.inner_text(".cover-controls")
    visit.page.mouse.move(300, 300)
    visit.page.wait_for_timeout(150)
    assert "Reach in this direction" in visit.page.inner_text(".tip")
    visit.page.select_option(".cover-controls select >> nth=3", index=1)
    assert "Gained" in visit.page.inner_text(".cover-facts")
    assert visit.errors == []
    assert visit.outside == []


@pytest.mark.browser
def test_the_study_page_follows_its_fixed_order(visit, tmp_path, invented_pages):
    visit.open(f"file://{written('study', tmp_path, invented_pages)}")
    visit.page.wait_for_timeout(300)
    text = visit.page.inner_text("main")
    order = (
        "What would a Pantsir battery change?", "With Pantsir about half as many.", "May be quoted as", "2. Reach against", "3. Knowledge",
        "4. Impacts by class", "5. Wrong engagements", "6. The figures", "7. Would it flip?", "8. What this does not say", "ab" * 32,
    )  # fmt: skip
    places = [text.index(one) for one in order]
    assert places == sorted(places)
    assert "openiads run minsk-2021 --seed 7 --replication 17" in text
    assert "[object" not in text
    assert "killed" in text[text.index("which classes?") : text.index("5. Wrong engagements")]
    wrong = text[text.index("5. Wrong engagements") : text.index("6. The figures")]
    assert wrong.index("S-300PS, all 64 cells") < wrong.index("S-400 + 4 Pantsir, all 64 cells") < wrong.index("most among")
    assert "27 / 1,000; 22 shot down" in wrong
    assert "there was none to see" in wrong
    assert "at most 1,000" not in wrong
    assert "impacts on assets per night: none seen in any cell (0 in 2,000 nights; at most 0.52 in one cell)" in text
    assert "share of hostile objects killed: hypersonic missile: " in text
    assert "480 in 1,000 nights" in text
    assert "impacts on assets in a night. Half of the nights" in text
    assert "-6.35 (too few nights for an interval)" in text
    assert "cannot tell" in text[text.index("too few nights for") :][:60]
    assert visit.page.locator("svg.figure").count() == 4
    assert visit.page.locator(".u-wrap").count() == 3
    visit.page.select_option("select >> nth=0", "fr")
    visit.page.wait_for_timeout(200)
    assert "Connaissance et hasard" in visit.page.inner_text("main")
    assert visit.errors == []


@pytest.mark.browser
def test_without_scripts_a_study_is_still_read(chromium, tmp_path, invented_pages, payloads):
    plain = chromium.new_context(java_script_enabled=False).new_page()
    plain.goto(f"file://{written('study', tmp_path, invented_pages)}")
    text = plain.inner_text("body")
    assert "draws a battle" not in text
    order = (
        "With Pantsir about half as many.",
        "Wrong engagements",
        "Not represented",
        "digest abab",
        "May be quoted as: so",
        "Must not be",
    )
    places = [text.index(one) for one in order]
    assert places == sorted(places)
    plain.goto(f"file://{written('study', tmp_path, invented_pages, name=payloads[0], texts=payloads[1:])}")
    assert plain.locator("noscript img, noscript script, noscript iframe, noscript svg").count() == 0


@pytest.mark.parametrize("absent", [[], ["ol.js"]])
def test_words_of_a_study_stand_in_its_file_escaped(monkeypatch, tmp_path, invented_pages, absent):
    monkeypatch.setattr(replay_page.fetch, "missing", lambda: absent)
    monkeypatch.setattr(replay_page, "_library", lambda name: "")
    page = written("study", tmp_path, invented_pages, texts=["</pre></noscript><b>loud</b>"]).read_text()
    assert "&lt;/pre&gt;&lt;/noscript&gt;&lt;b&gt;loud" in page
    assert "<b>loud" not in page


@pytest.mark.browser
@pytest.mark.parametrize("kind", ["coverage", "study"])
def test_payloads_are_inert(visit, tmp_path, invented_pages, payloads, kind):
    visit.open(f"file://{written(kind, tmp_path, invented_pages, name=payloads[0], texts=payloads[1:])}")
    visit.page.mouse.move(300, 300)
    visit.page.wait_for_timeout(300)
    assert visit.page.evaluate("window.pwned") is None
    assert visit.errors == []
    assert visit.page.evaluate("document.querySelectorAll('#app script, #app iframe, #app img').length") == 0


def test_a_layer_of_an_unknown_site_is_refused(invented_pages):
    from dataclasses import replace

    known = invented_pages.coverage()
    with pytest.raises(ReplayError, match="nowhere"):
        replay_coverage.encode(replace(known, layers=[replace(known.layers[0], site="nowhere")]))
