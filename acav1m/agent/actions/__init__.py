"""One file per edit of sound; the file's name is the action's name."""
