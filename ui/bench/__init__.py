"""Measures and pictures of the window, made without an engine."""
