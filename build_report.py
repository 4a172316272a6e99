"""Run galley from a checkout: `python build_report.py --help`."""

import sys

from galley.cli import main

if __name__ == "__main__":
    sys.exit(main())
