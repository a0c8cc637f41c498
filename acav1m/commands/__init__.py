"""The commands: each parses, calls the library and prints; `acav1m.cli` puts them together."""
