"""Saved plans: keep a plan as a file or for the team, and open it again."""

from dudley_dashboard.pages.plans.page import PAGE

__all__ = ["PAGE"]
