"""The window, in Qt only. Knows the engine through the facade of `cocomposer.runtime` and no other part of it."""
