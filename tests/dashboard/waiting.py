"""Wait for what a page comes to, evaluating nothing inside it: its content security policy forbids that."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import chain, repeat
from typing import Any

PATIENCE = 90_000
"""Milliseconds; a machine that others share is slow, and a page that never comes fails all the same."""

PAUSES = (20, 30, 50, 100, 200)
"""Milliseconds between two looks, the last again and again; each takes the processor 3, browser and all."""


def until(page: Any, expression: str, *, arg: Any = None, timeout: float = PATIENCE) -> None:
    """Wait until an expression, or a function of ``arg``, is true in the page."""
    from playwright.sync_api import Error

    end = time.monotonic() + timeout / 1000
    for pause in chain(PAUSES, repeat(PAUSES[-1])):
        problem = None
        try:
            if page.evaluate(expression, arg):
                return
        except Error as error:  # the page is being left, or what is asked for is not there yet
            problem = error
        if time.monotonic() > end:
            raise AssertionError(f"never came true: {expression}") from problem
        page.wait_for_timeout(pause)


def until_so(page: Any, true: Callable[[], object], timeout: float = PATIENCE) -> None:
    """Wait until something is so outside the page; meanwhile what the page sends is let in."""
    end = time.monotonic() + timeout / 1000
    for pause in chain(PAUSES, repeat(PAUSES[-1])):
        if true():
            return
        if time.monotonic() > end:
            raise AssertionError("never became so")
        page.wait_for_timeout(pause)


def until_held(page: Any, component: str, value: str) -> None:
    """Wait until Dash holds what was typed: fields hand it on a moment later than they show it."""
    held = "([id, value]) => window.dash_component_api.getLayout(id).props.value === value"
    until(page, held, arg=[component, value])


FITTED = """async () => {
  for (let k = 0; k < 2; k++) await new Promise((drawn) => requestAnimationFrame(drawn));
  const graphs = [...document.querySelectorAll("#page .dash-graph")].filter((each) => each.clientWidth);
  const fits = (each) => {
    const picture = each.querySelector(".main-svg");
    return picture && Math.abs(picture.getBoundingClientRect().width - each.clientWidth) < 2;
  };
  return graphs.every(fits) && !document.getAnimations().some((each) => each instanceof CSSTransition);
}"""
"""Every chart that Plotly draws is there, as wide as its place, and no colour is on its way to another."""
