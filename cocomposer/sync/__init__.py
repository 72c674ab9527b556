"""Whose beat: a DAW's clock, a tapped, set or estimated tempo, joined to one tick axis for the whole jam."""
