"""One file a stage: what happens between a target and a defence, from public formulas."""
