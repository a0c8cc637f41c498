"""Datasets of the Hugging Face Hub: who is asked, which files are meant, and what they offer."""
