"""The dashboard: move a slider, see the next fifteen years."""

from dashboard.app import create_app

__all__ = ["create_app"]
