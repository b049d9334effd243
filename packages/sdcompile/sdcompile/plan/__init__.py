"""Plans of a run: what is worked out, in which order, and what all runs share."""
