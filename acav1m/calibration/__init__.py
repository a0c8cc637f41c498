"""Raw scores become probabilities on the recipe's own clips: pairs, maps, evidence, thresholds."""
