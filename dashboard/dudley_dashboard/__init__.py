"""Dashboard of the model: move a slider, see the next fifteen years."""

from dudley_dashboard.app import create_app

__all__ = ["create_app"]
