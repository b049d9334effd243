"""Dashboard of the model: move a slider, see the next fifteen years."""
