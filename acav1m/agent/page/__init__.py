"""What the agent did with one clip, for people: in a terminal, in pictures, and as a page."""
