"""Bach's chorales as a published yardstick: the same blocks and optimisers as the product's model, scored exactly."""
