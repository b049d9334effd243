"""Published files to labelled arrays, and the reference trajectory that reproduces a projection."""
