"""Tars of samples (WebDataset): where they lie, what they hold, and what of it is offered."""
