"""Measurements of the finished engine, each in its own file and printed by `cocomposer bench`."""
