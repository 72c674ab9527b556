"""The world: one third-party library per file, each behind a Protocol of `cocomposer.ports` or a plain function."""
