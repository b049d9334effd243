"""Results: one labelled dataset of a run, and the files made from it."""
