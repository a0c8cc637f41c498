"""Whose videos may be used: lists of those who asked not to be, and uploaders that nobody can name.

Lists are read before anything is downloaded and again before a release is written. What they name
is hashed as it is read, so lists of millions fit; so are uploaders, with a salt that is never
published.
"""
