"""The pages, in the order of the navigation."""

from __future__ import annotations

from dudley_dashboard.page import Page
from dudley_dashboard.pages import compare, explore, footprints, how_it_works, people, plans, uncertainty

PAGES: tuple[Page, ...] = (
    explore.PAGE,
    compare.PAGE,
    footprints.PAGE,
    people.PAGE,
    uncertainty.PAGE,
    how_it_works.PAGE,
    plans.PAGE,
)
