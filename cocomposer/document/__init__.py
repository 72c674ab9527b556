"""What a musician keeps of a jam: takes, edits with undo, the timeline, and the file that holds them. Pure values."""
