"""Processes, loops and wiring: each loop is short and makes no musical decision."""
