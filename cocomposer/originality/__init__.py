"""Whose music: passages that a phrase shares with the music that the model learnt from, as a report and as a guard."""
