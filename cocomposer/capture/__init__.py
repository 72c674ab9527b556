"""What the player played: pairing keys, placing seconds on ticks, whose notes they are, when the phrase is over."""
