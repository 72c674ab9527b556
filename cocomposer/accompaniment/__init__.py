"""What an accompanist plays under a player: the chords expected, and what each part makes of them. Knows no time."""
