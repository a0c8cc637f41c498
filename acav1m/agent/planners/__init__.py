"""Planners: each file holds the one that a recipe calls by the file's name."""
