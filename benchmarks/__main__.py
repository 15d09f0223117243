"""Run one piece of the reference work: ``python -m benchmarks W1 [--json]``; exit 1 when its aim or its load is not met."""

import importlib
import json
import sys

WORKS = ("W1", "W2", "W3", "W4", "W5", "W6")


def main(words: list[str]) -> int:
    """Measure what is asked for and print it; returns the exit code."""
    chosen = [word.upper() for word in words if not word.startswith("-")]
    if not chosen or any(word not in WORKS for word in chosen):
        print(f"usage: python -m benchmarks {'|'.join(WORKS)} [--json]", file=sys.stderr)
        return 2
    held = True
    for word in chosen:
        record = importlib.import_module(f"benchmarks.{word.lower()}").measure()
        held = held and bool(record["holds"])
        print(json.dumps(record) if "--json" in words else "\n".join(f"{key:>8}: {value}" for key, value in record.items()))
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
