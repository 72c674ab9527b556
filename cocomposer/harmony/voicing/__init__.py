"""How chords are laid out on a keyboard: `search` voices a chord or a progression by the `rules` a player chose."""
