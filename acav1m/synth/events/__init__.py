"""One file per event class; the file's name is the class's name."""
