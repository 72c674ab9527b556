"""What music means: pitch classes and their names, scales, keys, chords and their spans. Knows no model or window."""
