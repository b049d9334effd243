"""Whether inputs, parameters, scenarios, contracts and model file fit together: every fault in one report."""
