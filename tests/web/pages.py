"""An invented coverage and an invented study, to try their pages on. They show no result."""

from __future__ import annotations

import math

import numpy as np

from openiads.show.replay_coverage import CoverageDifference, CoverageInput, CoverageLayer
from openiads.show.replay_input import AssetView, Place, SiteView

CENTER = Place(53.9, 27.57, 200.0)


def outline(at, ranges_m):
    bearing = np.radians(np.arange(360.0))
    lat = at.latitude_deg + np.asarray(ranges_m) * np.cos(bearing) / 111_190.0
    lon = at.longitude_deg + np.asarray(ranges_m) * np.sin(bearing) / (111_190.0 * math.cos(math.radians(at.latitude_deg)))
    return lat, lon


def coverage(name="cover-invented", texts=()):
    word = lambda i, default: texts[i % len(texts)] if texts else default  # noqa: E731
    sites = [
        SiteView(word(0, "s400"), "S-400", Place(53.99, 27.41, 220.0)),
        SiteView(word(1, "pantsir"), "Pantsir-S1", Place(53.9, 27.2, 210.0), short_range=True),
    ]
    layers = []
    rng = np.random.default_rng(3)
    for site, naive in zip(sites, (250e3, 20e3), strict=True):
        for product in ("detection", "engagement"):
            for height in (50.0, 100.0, 500.0, 3000.0, 9000.0):
                horizon = 4120.0 * (math.sqrt(10.0) + math.sqrt(height))
                wobble = 1 + 0.08 * np.convolve(rng.normal(size=380), np.ones(21) / 6, "valid")
                ranges = np.minimum(naive * (1.0 if product == "detection" else 0.7), horizon) * np.minimum(wobble, 1.1)
                ends = ["horizon" if horizon < naive * 0.7 else "kinematic" if product == "engagement" else "signal"] * 360
                ends[40:80] = ["terrain"] * 40
                shares = {factor: ends.count(factor) / 360 for factor in set(ends)}
                area = float(np.sum(ranges**2) * math.pi / 360)
                disc = math.pi * naive**2
                areas, circle = [outline(site.at, ranges)], outline(site.at, np.full(360, naive))
                head = (site.name, site.system, product, word(2, "tactical-aircraft"), height, "agl", areas, circle, naive, disc)
                layers.append(CoverageLayer(*head, area, area / disc, 0.5, ranges.tolist(), ends, shares))
    change = CoverageDifference(
        word(3, "mast of 24 m instead of 10 m"),
        [outline(sites[0].at, np.full(360, 60e3))],
        [outline(sites[1].at, np.full(360, 5e3))],
        1e9,
        8e7,
    )
    assets = [AssetView(word(4, "air base"), Place(53.9, 27.19))]
    return CoverageInput(
        name,
        word(5, "Every figure here is invented."),
        CENTER,
        sites,
        layers,
        assets,
        [change],
        "none",
        [word(6, "No jamming.")],
        [word(7, "[proposal]")],
    )


def study(name="study-invented", texts=()):
    word = lambda i, default: texts[i % len(texts)] if texts else default  # noqa: E731
    number = {"numerator": 480, "denominator": 1000, "estimate": 0.48, "low": 0.44, "high": 0.52, "level": 0.95, "replications": 100}
    names = [word(0, "S-300PS"), word(1, "S-400 + 4 Pantsir")]
    answers = [
        {"question": word(2, "How many?"), "measure": "impacts", "alternatives": [one], "block": word(3, "main"), "role": "share",
         "words": f"{one}: {word(4, 'about half')}", **number}
        for one in names
    ]  # fmt: skip
    sides = [{"name": one, "value": 0.48, "numerator": 480, "denominator": 1000} for one in names]
    pair = {**answers[0], "alternatives": names, "words": word(5, "about half as many"), "verdict": "cannot tell", "sides": sides}
    curve = {"count": [0, 1, 2], "luck": [0.9, 0.5, 0.1], "band": [[0.8, 0.9, 1.0], [0.3, 0.5, 0.7], [0.0, 0.1, 0.3]]}
    wrong = {**number, "numerator": 0, "estimate": 0.0, "low": 0.0, "measure": "civil_engaged", "of": "flights", "block": "main"}
    shot = {"numerator": 27, "estimate": 0.0053, "lost": {**number, "numerator": 22}}
    to_see = {"measure": "friendly_engaged", "denominator": 0, "estimate": None, "high": 1.0}
    driver = {"figure": word(6, "pk"), "share": 0.4, "low": 0.3, "high": 0.5, "value": 0.6, "unit": word(7, "1"), "range": [0.3, 0.85],
              "basis": word(8, "judgement"), "flag": word(9, "judgement"), "answer": word(10, "impacts")}  # fmt: skip
    reach = {"unit": word(11, "s400"), "target_class": word(12, "bomber"), "naive_range_m": 380000.0, "height_m": [30, 300, 3000, 15000],
             **{key: [20000.0 * scale, 60000.0 * scale, 200000.0 * scale, 400000.0 * scale] for key, scale in
                (("horizon_m", 1.1), ("detection_m", 1.0), ("engagement_m", 0.7))}}  # fmt: skip
    low = {"unit": reach["unit"], "target_class": reach["target_class"], "height_m": 100.0, "reach_m": 18000.0,
           "band": {"p05": 12000.0, "p95": 21000.0}, "naive_range_m": 380000.0}  # fmt: skip
    totals = {"targets": 2000, "impact_objects": 1000, "impacts": 480, "killed": 900, "engaged": 1500, "never_detected": 20, "shots": 2100}
    flip = {"change": word(13, "press on"), "about": word(14, "they go on"), "verdict": "lower", "verdict_changed": "cannot tell",
            "flips": True, "becomes": "reversed", "alternatives": names, "stated": pair, "answer": pair}  # fmt: skip
    untold = {**flip, "becomes": "cannot tell", "answer": {**pair, "estimate": -6.35, "low": None, "high": None}}
    worst = {"replication": 17, "measure": "impacts", "value": 31, "rerun": "openiads run minsk-2021 --seed 7 --replication 17"}
    doubts = [{"alternative": one, "luck": number | {"words": one}, "band": number | {"words": one}, "curve": curve} for one in names]
    page = {
        "question": {"question": word(15, "What would a Pantsir battery change?"), "answer": word(16, "With Pantsir about half as many."),
                     "of_which": [word(17, "clear: less")], "numbers": pair, "conditions": word(18, "100 replications")},
        "reach": [{"alternative": names[0], "curves": [reach], "low": [low]}],
        "knowledge_and_luck": [{"block": "main", "measure": "impacts", "words": word(19, "impacts on assets"), "unit": "%",
                                "compared": [pair], "rows": doubts}],
        "impacts_by_class": [{"alternative": names[0], "block": "main", "replications": 100, "all": {**totals, "rounds_left": 300},
                              "classes": [{"class": word(20, "bomber"), **totals}], "rounds_fired": {word(21, "s-400"): 1200},
                              "why": {word(22, "no round"): 30}}],
        "wrong_of_headline": [{**wrong, "alternative": one, "words": one, "cells": 64, **down} for one, down in zip(names, ({}, shot))],
        "wrong_engagements": [{**wrong, "alternative": names[0], "words": names[0], **none} for none in ({}, to_see)],
        "most_wrong": [{"words": word(37, "most among 3 alternatives")}],
        "drivers": {"figures": [driver], "varied": 12, "judgement_share": 0.6},
        "flips": [flip, untold],
        "limits": {"not_represented": [word(23, "Targets do not plan.")], "assumptions": [word(24, "Smooth earth.")],
                   "anchors": {"misses": [word(25, "below the bounds")]}, "ties": [pair], "set_aside": 1,
                   "by_hand": [{"alternative": names[0], "words": word(26, "By hand 12 kills.")}]},
        "origin": {"digest": "ab" * 32, "version": "0.1.0", "rerun": "openiads rerun invented", "cite": word(27, "openiads 0.1.0")},
        "quoting": {"may": word(28, "so"), "must_not": word(29, "as a forecast")},
    }  # fmt: skip
    cells = {"at": {"air": word(30, "clear")}, "cells": [number, number], "change": {**pair, "low": -0.1, "high": 0.1}}
    nothing = {**number, "numerator": 0, "estimate": 0.0, "low": 0.0}
    points = [{"at": {"load": x}, **number, "estimate": 0.5 - 0.02 * x} for x in range(5)]
    details = {
        word(31, "main"): {
            "kind": "design", "question": word(32, "which part?"), "averaged": {word(33, "bearing"): [{"at": "west", **pair}]},
            "tables": [{"measure": "impacts", "columns": names, "rows": [cells]}],
        },
        word(38, "alone"): {"kind": "design", "question": word(39, "which classes?"), "by": ["raid"], "tables": [
            {"measure": "killed/hypersonic-missile", "columns": names, "rows": [cells]},
            {"measure": "impacts_per_night", "columns": names, "rows": [{**cells, "cells": [nothing, nothing]}]},
        ]},
        "sweep": {"kind": "sweep", "question": "", "curves": [
            {"measure": "impacts", "over": ["load"], "points": points, "knee": None},
            {"measure": "rounds_fired", "over": ["load", "jam"], "points": points, "knee": None},
        ]},
    }  # fmt: skip
    shown = [
        {"name": one, "replications": 100, "measures": {"impacts": number}, "worst": worst,
         "quantiles": {"impacts": {q: {"estimate": 20.0, "low": 18.0, "high": None} for q in ("0.5", "0.9")}},
         "distributions": {"impacts": {"x": [18, 19, 20], "y": [20, 50, 30]}}}
        for one in names
    ]  # fmt: skip
    effect = {**answers[0], "numerator": [480, 500], "role": "effect", "about": word(34, "effect of Pantsir")}
    return {
        "study": name, "about": word(35, "Every figure here is invented."), "manifest": {"statistics": {"level": 0.95}},
        "answers": [*answers, effect], "replications": 400, "set_aside": [{"reason": word(36, "hung"), "replay": "openiads run"}],
        "page": page, "alternatives": shown, "details": details,
    }  # fmt: skip
