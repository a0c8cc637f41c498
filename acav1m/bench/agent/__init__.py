"""What the agent mends, and what two kinds of chance do."""
