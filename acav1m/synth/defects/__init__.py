"""One file per defect; the file's name is the defect's name."""
