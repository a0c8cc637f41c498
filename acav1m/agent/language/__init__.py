"""Asking a language model for a plan: what it is told, how it answers, and what may go wrong."""
