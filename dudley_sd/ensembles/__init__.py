"""Ensembles: thousands of runs of the same futures with numbers drawn from their ranges."""
