"""Chords for a melody: how well each fits it, where they change, and the best way through them all."""
