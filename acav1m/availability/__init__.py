"""Say what of a release or a list can still be had, and what has changed, without fetching it.

`check` asks the network (or looks below a folder); `against` compares two releases.
"""
