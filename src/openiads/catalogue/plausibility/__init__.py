"""Flags figures that contradict physics or each other: small named rules, each with a sentence, and what is known of the rest."""

from openiads.catalogue.plausibility.finding import Finding
from openiads.catalogue.plausibility.known import KNOWN, explanation
from openiads.catalogue.plausibility.rules import RULES, findings

__all__ = ["KNOWN", "RULES", "Finding", "explanation", "findings"]
