"""Time: battles set up, stepped and run."""
