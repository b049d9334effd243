"""Is the model fit to be argued with? Tests of structure and behaviour, each with figure and verdict."""
