"""Uncertainty: how certain a result is, and what matters most."""

from dudley_dashboard.pages.uncertainty.page import PAGE

__all__ = ["PAGE"]
