"""AVAgent: edits of sound that make it fit its picture, and the proof that they do."""
