"""What music means: pitch classes spelt in a key, scales, keys, chords and their spans. Knows no model and no window."""
