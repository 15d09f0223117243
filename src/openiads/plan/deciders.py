"""Who decides and who commands whom, as rows: each site's decider, and the lines of orders to each fire unit, level by level."""

from openiads.catalogue import Catalogue
from openiads.chance import entity_key
from openiads.model.columns import LEVELS
from openiads.plan.draft import Draft
from openiads.plan.emplacement import hits_to_stop
from openiads.plan.hierarchy import HERE, Hierarchy, given, law
from openiads.scenario.models import Scenario
from openiads.scenario.sites import Site

DECISION_PERIOD_S = {"battalion": 4.0, "battery": 4.0, "vehicle": 2.0, "none": 4.0}


def add_decider(draft: Draft, site: Site, scenario: Scenario, catalogue: Catalogue) -> None:
    """Add the decider of a site, with a picture of its own."""
    assessment = scenario.doctrine.assessment
    row = len(draft.deciders)
    draft.decider_of[site.name] = row
    draft.deciders.append(
        {
            "key": entity_key(f"decider/{site.name}"),
            "picture": row,
            "period_us": round(DECISION_PERIOD_S[catalogue.fire_unit(site.system).kind] * 1e6),
            "phase_us": 1_000_000 + 50_000 * row,
            "site": row,
            "assess": draft.laws.add(law(assessment.delay, catalogue, "assessment.delay")),
            "kill_unseen": given(assessment.kill_unseen, catalogue, "assessment.kill_unseen"),
            "miss_unseen": given(assessment.miss_unseen, catalogue, "assessment.miss_unseen"),
            "hits_to_stop": hits_to_stop(site, catalogue, "command_post"),
        }
    )


def add_lines(draft: Draft, hierarchy: Hierarchy) -> None:
    """Add the lines of orders to each unit, ``LEVELS`` a unit, and say how each decider reports to the highest post above it."""
    for unit, name in zip(draft.units, draft.unit_names):
        levels = hierarchy.levels(name)
        unit["home"] = draft.decider_of[levels[0][0]]
        for decider, post, mode, line in levels:
            draft.lines.append(
                {
                    "decider": draft.decider_of[decider],
                    "post": draft.decider_of[post],
                    "mode": mode,
                    "delay": draft.laws.add(*line.laws),
                    "loss": line.loss,
                    "cut_us": line.cut_us,
                }
            )
        draft.lines += [{"decider": -1} for _ in range(LEVELS - len(levels))]
    for name, row in draft.decider_of.items():
        above = hierarchy.above(name)
        report = hierarchy.line(name, above[-1]) if above else HERE
        draft.deciders[row] |= {"report": draft.laws.add(*report.laws), "report_loss": report.loss}
