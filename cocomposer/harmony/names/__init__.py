"""One grammar of chord names: what musicians write is read as a Chord, and a Chord is written in any usual style."""
