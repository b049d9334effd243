"""Thousands of runs of the same futures with other numbers, and what they say together."""
