"""The dashboard, as a visitor meets it."""
