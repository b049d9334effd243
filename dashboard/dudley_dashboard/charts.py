"""Charts of Explore, and the variables of the model that the browser needs: filters of the indicators."""

from __future__ import annotations

from functools import cache
from typing import Any

from dudley_sd.indicators import PLANNED, Indicator, Selection, charts, indicators, ratios

TILES = Selection("tile")


def lines(row: Indicator) -> list[Indicator]:
    """Return the indicators of the lines of a chart, one or two."""
    assert row.chart is not None
    return [row, indicators()[row.chart.beside]] if row.chart.beside else [row]


def chart_key(row: Indicator) -> str:
    """Return the key of an indicator's chart, as an address has it."""
    return row.key if row.chart is None or not row.chart.key else row.chart.key


def opening_charts() -> tuple[str, ...]:
    """Keys of the charts that the page opens with."""
    first = [
        (row.chart.first, chart_key(row)) for row in charts() if row.chart and row.chart.first is not None
    ]
    return tuple(key for _, key in sorted(first))


def charts_for_browser() -> list[dict[str, Any]]:
    """Return the charts as the browser takes them: numbers are multiplied with ``scale``."""
    return [
        {
            **row.chart.model_dump(exclude={"order", "first", "beside", "labels"}),
            "key": chart_key(row),
            "lines": [
                {"label": label, "output": line.variable, "element": line.element}
                for label, line in zip(row.chart.labels, lines(row), strict=True)
            ],
            "scale": 1 / row.chart.scale,
            "better": row.chart.better or row.better,
            "needs_shift": row.needs_shift,
            "zero": row.chart.zero or row.chart.gain or (row.chart.better or row.better) == "high",
        }
        for row in charts()
        if row.chart is not None
    ]


@cache
def browser_outputs() -> tuple[str, ...]:
    """Variables of charts and tiles, and those that a total works their shares out from.

    More outputs make the module larger.
    """
    found = [line.variable for row in charts() for line in lines(row)]
    found += [*(row.variable for row in TILES.values()), PLANNED]
    made_of = [name for key in found if key in ratios() for name in ratios()[key].variables]
    return tuple(dict.fromkeys([*found, *made_of]))
