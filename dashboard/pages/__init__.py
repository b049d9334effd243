"""The pages, in the order of the navigation."""

from __future__ import annotations

from dashboard.page import Page
from dashboard.pages import explore, plans

PAGES: tuple[Page, ...] = (explore.PAGE, plans.PAGE)
