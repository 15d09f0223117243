"""Who shoots at what: one problem, several algorithms, and the exact optimum as the yardstick."""
