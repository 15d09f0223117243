"""What the user asks: scenario files, read strictly into frozen models."""
