"""How it works: what acts on what, how each thing is worked out, and where each number comes from."""

from dudley_dashboard.pages.how_it_works.page import PAGE

__all__ = ["PAGE"]
