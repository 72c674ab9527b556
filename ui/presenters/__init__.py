"""What the window shows, worked out without Qt: each presenter turns the session into a frozen view."""
