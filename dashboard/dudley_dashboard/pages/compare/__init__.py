"""Compare: plans, futures, portfolios and contracts side by side."""

from dudley_dashboard.pages.compare.page import PAGE

__all__ = ["PAGE"]
