"""An invented coverage and an invented study, to try their pages on. They show no result."""

from __future__ import annotations

import math

import numpy as np

from openiads.show.replay_coverage import CoverageDifference, CoverageInput, CoverageLayer
from openiads.show.replay_input import AssetView, Place, SiteView
from openiads.show.replay_study import AlternativeView, AnswerView, DriverView, Estimate, OutlierView, StudyInput, SweepView

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
    rng = np.random.default_rng(9)
    alternatives = []
    for i, (title, mean) in enumerate((("S-300PS", 12.0), ("S-400", 9.0), ("S-400 + 4 Pantsir", 4.5))):
        draws = rng.poisson(mean, 400)
        values, counts = np.unique(draws, return_counts=True)
        share = draws.mean() / 46
        measures = {
            "leakage": Estimate(share, share * 0.9, share * 1.1, float(draws.sum()), 46.0 * 400),
            "asset_hit": Estimate(0.9 - 0.2 * i, 0.85 - 0.2 * i, 0.94 - 0.2 * i, 360.0 - 80 * i, 400.0),
        }
        alternatives.append(AlternativeView(word(i, title), measures, {"leakage": (values.tolist(), counts.tolist())}, 400))
    answers = [
        AnswerView(
            word(3, "How many get through?"),
            word(4, "With Pantsir about half as many get through."),
            "leakage",
            [a.name for a in alternatives],
            alternatives[2].measures["leakage"],
        )
    ]
    drivers = [
        DriverView(word(5, "pantsir-s1.pk.cruise"), 0.41, 0.3, 0.5, "judgement"),
        DriverView("targets.cruise.rcs", 0.2, 0.1, 0.3, "estimate"),
    ]
    x = [0.0, 1.0, 2.0, 4.0]
    sweep = SweepView(
        word(6, "Pantsir units"), "units", "leakage", x, {"S-400": [(0.25 - 0.04 * v, 0.22 - 0.04 * v, 0.28 - 0.04 * v) for v in x]}
    )
    outliers = [
        OutlierView(
            alternatives[1].name,
            17,
            "leakage",
            21.0,
            word(7, "the fire-control radar was lost early"),
            "replay",
            "openiads run minsk-2021 --seed 7 --replication 17",
        )
    ]
    return StudyInput(
        name,
        word(8, "What would a Pantsir battery change?"),
        word(9, "Every figure here is invented."),
        answers,
        alternatives,
        drivers,
        [sweep],
        outliers,
        0.95,
        400,
        "ab" * 32,
        [word(10, "Targets do not plan.")],
        [word(11, "[proposal]")],
        "openiads study invented",
        "0.1.0",
    )
