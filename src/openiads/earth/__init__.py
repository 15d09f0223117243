"""The earth as a radar meets it: geodesy, refraction, air, terrain and what terrain hides."""
