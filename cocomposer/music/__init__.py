"""Values of music: notes, wire messages, ticks and beats. No time passes here and nothing is played."""
