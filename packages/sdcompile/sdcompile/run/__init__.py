"""Engines: compiled code tried out and run, and PySD beside it."""
