"""openiads."""
