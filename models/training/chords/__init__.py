"""What makes the next-chord bundle `models/chords`."""
