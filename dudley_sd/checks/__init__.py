"""Whether inputs, parameters, scenarios and model file fit together: every fault in one report."""
