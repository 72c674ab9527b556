"""What a trained network must beat: counting n-grams, and a variable-order suffix model. Knows no network."""
