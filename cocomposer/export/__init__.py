"""What is kept of a jam, as the bytes of a file. Knows no disk: `adapters.disk` saves them."""
