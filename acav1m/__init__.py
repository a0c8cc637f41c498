"""Turn raw video into a dataset whose sound and picture provably belong together."""

__version__ = "0.1.0"
