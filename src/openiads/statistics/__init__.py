"""Pure statistics: intervals, comparisons, stopping, two kinds of doubt and sensitivity, all from integer outcomes."""
