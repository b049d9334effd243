"""Compare: plans, futures, portfolios and contracts side by side."""

from dashboard.pages.compare.page import PAGE

__all__ = ["PAGE"]
