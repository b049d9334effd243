"""Changes to saved plans, and the sentence that follows each; what browsers send is not trusted."""

from __future__ import annotations

from dudley_dashboard.origin import origin
from dudley_dashboard.server.access import store_for_reader
from dudley_dashboard.store import SavedPlan, StoreError
from dudley_sd.request import Request

NO_ACCESS = "The saved plans are not open to you; give the access code first."
LARGEST_ID = 2**31 - 1


def save(name: object, reason: object, plan: Request) -> str:
    """Save a plan under a new name."""
    store = store_for_reader()
    if store is None:
        return NO_ACCESS
    try:
        store.save(_text(name), _text(reason), plan.address(), origin())
    except StoreError as error:
        return str(error)
    return f"Saved as “{_text(name).strip()}”."


def change(target: object, reason: object, plan: Request) -> str:
    """Replace or delete a saved plan: ``{"plans": "replace", "id": 3, "seen": 2}``."""
    store = store_for_reader()
    if store is None:
        return NO_ACCESS
    keys = target if isinstance(target, dict) else {}
    what, number, seen = keys.get("plans"), _number(keys.get("id")), _number(keys.get("seen"))
    try:
        if what == "replace":
            store.replace(number, seen, _text(reason), plan.address(), origin())
            return f"Replaced; version {seen} is kept in its history."
        if what == "delete":
            store.delete(number, seen)
            return "Deleted."
    except StoreError as error:
        return str(error)
    return "Nothing was changed."


def versions_of(number: object) -> list[SavedPlan]:
    """Every version of a plan, the newest first; empty where there is none that the reader may see."""
    store = store_for_reader()
    try:
        return store.history(_number(number)) if store else []
    except StoreError:
        return []


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _number(value: object) -> int:
    """Return an id as a database takes it; 0, which no plan has, for anything else."""
    is_id = isinstance(value, int) and not isinstance(value, bool) and 0 < value <= LARGEST_ID
    return int(str(value)) if is_id else 0
