"""Scenarios, portfolios, contracts and overlays: what sets the values of a run."""
