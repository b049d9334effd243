"""Checks of Vensim files: units, and fourteen rules for authors."""
