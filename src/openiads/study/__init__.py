"""Studies: many replications, comparisons and unknowns, each answer with its interval, never lost and never doubled."""
