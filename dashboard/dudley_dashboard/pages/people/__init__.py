"""People: how the ages of people change, and how sure that is."""

from dudley_dashboard.pages.people.page import PAGE

__all__ = ["PAGE"]
