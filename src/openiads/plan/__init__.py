"""Everything that does not depend on chance, computed once for each scenario."""

from openiads.plan.build import Planned, plan

__all__ = ["Planned", "plan"]
