"""Training code of the note models: prepare, train, evaluate, export, parity. Never imported by the app."""
