"""Levers, named futures and portfolios."""
