"""The pages, in the order of the navigation."""

from __future__ import annotations

from dashboard.page import Page
from dashboard.pages import compare, explore, footprints

PAGES: tuple[Page, ...] = (explore.PAGE, compare.PAGE, footprints.PAGE)
