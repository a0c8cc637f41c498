"""One file, one step: the file's name is its name in a recipe."""
