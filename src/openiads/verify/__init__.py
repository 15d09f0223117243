"""Published and closed-form cases, run through the public functions of this installation.

Each file ``verify/<module>.py`` has ``CHECKS``: a sequence of ``Check``.  A file that is added is found without being
listed anywhere.  ``run`` turns checks into cases; a case whose source is only recalled, or that is a formula alone, is
shown with its status and not counted.
"""

from openiads.verify.case import Case, Check
from openiads.verify.runner import known_modules, run, summary

__all__ = ["Case", "Check", "known_modules", "run", "summary"]
