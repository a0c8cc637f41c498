"""One file, one step: the file's name is its name in a recipe.

What they are made of begins with an underscore: `_lists`, `_youtube`, `_tars` and `_hub` are
folders, and what several of these share are files.
"""
