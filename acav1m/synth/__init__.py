"""Rendered clips whose truth is known: labelled events, and labelled defects planted in them."""
