"""Footprints: areas beside each other, on one scale."""

from dashboard.pages.footprints.page import PAGE

__all__ = ["PAGE"]
