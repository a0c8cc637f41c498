"""Teach planners: data of planted faults, LoRA training, and how well they decide."""
