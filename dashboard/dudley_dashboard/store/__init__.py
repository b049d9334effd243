"""Saved team plans: a database that the people who serve the dashboard name, or none."""

from dudley_dashboard.store.connect import check_url, open_store
from dudley_dashboard.store.plans import SavedPlan, Store, StoreError

__all__ = ["SavedPlan", "Store", "StoreError", "check_url", "open_store"]
