"""Parts of the window, painted and pressed; they show views and tell intents, and decide nothing."""
