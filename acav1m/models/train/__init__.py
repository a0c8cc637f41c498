"""Training of the embedded model; the only place that needs torch."""
