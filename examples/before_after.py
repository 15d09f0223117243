"""What does one defence change against another, night by night, on common random numbers?

python examples/before_after.py minsk-2021-s300 minsk-2021 1000
"""

import sys

import openiads
from openiads.statistics.paired import difference

MEASURES = {
    "impacts": "impacts of weapons that came into being",
    "killed": "hostile objects killed",
    "never_detected": "hostile objects never detected",
    "any_civil_engaged": "nights in which a civil flight is engaged",
    "any_friendly_engaged": "nights in which a friendly flight is engaged",
}


def main(before: str, after: str, nights: int) -> None:
    """Print a table of both defences, then the paired difference in impacts."""
    runs = [openiads.run(name, seed=1, replications=nights) for name in (before, after)]
    print(f"| {nights:,} nights | `{before}` | `{after}` |\n|---|---|---|")
    for measure, words in MEASURES.items():
        cells = []
        for run in runs:
            one = run.intervals[measure]
            cells.append(f"{one.numerator:,} of {one.denominator:,} = {one.estimate:.3f} ({one.low:.4f} to {one.high:.4f})")
        print(f"| {words} | {' | '.join(cells)} |")
    impacts = [run.batch.columns["impacts"] for run in runs]
    ones = [[1] * nights] * 2
    told = difference(impacts[1], ones[1], impacts[0], ones[0])
    print(
        f"\nThe change moves the impacts of a night by {told.estimate:+.2f} ({told.low:+.2f} to {told.high:+.2f}), paired night by night."
    )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
