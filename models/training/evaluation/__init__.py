"""How a note model is measured: held-out likelihood with intervals, music of its continuations, what it prefers."""
