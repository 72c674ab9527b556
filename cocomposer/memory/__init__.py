"""What this player plays: a memory of notes, and what it says of the next one. Knows no model and no files."""
