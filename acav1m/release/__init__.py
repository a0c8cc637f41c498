"""The release: the folder that is published, written, verified and asked."""
