"""Years of the model: where it starts, where the futures leave the one history, and where it ends."""

START, PROJECTED, END = 2014, 2018, 2033
"""First mid-year of the model, first of the projections and of the futures, and last of the model."""

REVIEW_POINTS = (2023, 2028, END)
"""Mid-years that plans are compared at, five years apart from `PROJECTED`."""
