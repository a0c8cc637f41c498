"""Measure what a recipe's scores and filters catch, on clips whose defects we planted."""
