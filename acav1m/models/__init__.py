"""Models behind the steps: one file a family."""
