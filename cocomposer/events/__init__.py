"""Music as integers, shared by training and by the live path: one row of small integers per note."""
