"""The headless front end, one file per command. Each has `add(subparsers)` and a function that returns an exit code."""
