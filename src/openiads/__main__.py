"""``python -m openiads``: the command line without its script."""

import sys

from openiads.cli import main

if __name__ == "__main__":
    sys.exit(main())
