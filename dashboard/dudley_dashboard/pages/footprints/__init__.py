"""Footprints: areas side by side, on one scale."""

from dudley_dashboard.pages.footprints.page import PAGE

__all__ = ["PAGE"]
