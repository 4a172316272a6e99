"""Run galley from a checkout: `python build_report.py --help`."""

if __name__ == "__main__":  # the processes that typeset import this file too, and need nothing of it
    import sys

    from galley.cli import main

    sys.exit(main())
