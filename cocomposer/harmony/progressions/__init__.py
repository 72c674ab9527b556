"""What could come next: the song so far as tokens of its key, its own memory, and ranked suggestions with reasons."""
