"""The pages, in the order of the navigation."""

from __future__ import annotations

from dashboard.page import Page
from dashboard.pages import explore, uncertainty

PAGES: tuple[Page, ...] = (explore.PAGE, uncertainty.PAGE)
