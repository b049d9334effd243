"""Faults of inputs, parameters, scenarios, contracts and model file, in one report."""
