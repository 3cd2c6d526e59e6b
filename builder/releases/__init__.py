"""Releases: what was published, kept unchanged; and what has changed since."""
