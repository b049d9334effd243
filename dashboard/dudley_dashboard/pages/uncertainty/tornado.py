"""Which numbers matter most: a bar for each, and a list that says where each comes from."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from dash import html
from dash.development.base_component import Component
from sdcompile.names import snake_case
from sdcompile.read.levers import lever_address

from dudley_dashboard.figures import blank, numbers
from dudley_dashboard.pages.uncertainty.answer import Answer
from dudley_dashboard.pages.uncertainty.swings import series_of
from dudley_dashboard.pages.uncertainty.words import parameter_words, plain_number
from dudley_dashboard.plan import Plan
from dudley_dashboard.theme import INK
from dudley_dashboard.view import search_of
from dudley_sd.results.looks import HIGH_COLOUR, LOW_COLOUR
from dudley_sd.results.measures import Measure
from dudley_sd.results.words import unit_words
from dudley_sd.text import number

MOST = 10
ROW = 50
ASSUMED = "\N{NO-BREAK SPACE}†"


def strongest(answer: Answer, measure: Measure) -> pd.DataFrame:
    """Return the ten numbers that move a measure of the last year most, the strongest first.

    Returns
    -------
    pd.DataFrame
        Columns ``parameter, at_low, at_central, at_high, swing``; empty where the measure is not there.
    """
    table = answer.swings[answer.swings["variable"] == series_of(measure)]
    table = table[table["swing"] > 0].sort_values("place").head(MOST)
    return table[["parameter", "at_low", "at_central", "at_high", "swing"]].reset_index(drop=True)


def tornado_chart(answer: Answer, measure: Measure) -> go.Figure:
    """Draw what the last year is with each number alone at its low and at its high value."""
    table = strongest(answer, measure)
    assumed = assumptions(answer)
    names = [
        f"{place + 1}. {parameter_words(name)}{ASSUMED if name in assumed else ''}"
        for place, name in enumerate(table["parameter"])
    ]
    rows = list(range(len(table)))
    drawn = blank(ROW * len(table) + 56)
    central = float(table["at_central"].iloc[0]) / measure.scale
    for column, word, colour, pattern in (
        ("at_low", "low", LOW_COLOUR, ""),
        ("at_high", "high", HIGH_COLOUR, "/"),
    ):
        ends = table[column] / measure.scale
        drawn.add_bar(
            x=(ends - central).tolist(),
            base=central,
            y=rows,
            orientation="h",
            width=0.42,
            name=f"number at its {word} value",
            marker={"color": colour, "pattern": {"shape": pattern, "fgcolor": "#fff", "size": 6}},
            text=[_end(row, column, measure) for row in table.to_dict("records")],
            textposition="outside",
            cliponaxis=False,
            customdata=[number(value, measure) for value in table[column]],
            hovertemplate=f"at its {word} value: %{{customdata}}<extra></extra>",
        )
    for row, name in zip(rows, names, strict=True):
        drawn.add_annotation(
            x=0,
            xref="paper",
            y=row - 0.26,
            text=name,
            name="wrapped",  # js/plotly_charts.js wraps it to the width of the chart
            align="left",
            showarrow=False,
            xanchor="left",
            yanchor="bottom",
            font={"color": INK, "size": 12},
        )
        drawn.add_shape(
            type="line", x0=central, x1=central, y0=row - 0.26, y1=row + 0.26, line={"color": INK, "width": 2}
        )
    drawn.update_layout(
        barmode="overlay",
        hovermode="closest",
        showlegend=True,
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0},
        margin_t=30,
    )
    drawn.update_yaxes(visible=False, range=[len(table) - 0.6, -0.75])
    both = [*(table["at_low"] / measure.scale), *(table["at_high"] / measure.scale)]
    room = 0.16 * (max(both) - min(both))
    drawn.update_xaxes(range=[min(both) - room, max(both) + room], zeroline=False)
    drawn.update_xaxes(showgrid=True, ticksuffix="%" if measure.unit == "%" else "")
    return drawn


def _end(row: Mapping[Hashable, Any], column: str, measure: Measure) -> str:
    """Write at the end of a bar: nothing where there is none, or where a longer one covers it."""
    other = "at_high" if column == "at_low" else "at_low"
    mine, its = (row[name] - row["at_central"] for name in (column, other))
    covered = mine == 0 or (mine * its > 0 and abs(mine) < abs(its))
    return "" if covered else number(float(row[column]), measure)


def tornado_table(answer: Answer, measure: Measure) -> html.Div:
    """Return the results with each number at its low and high value."""
    table = strongest(answer, measure)
    cells = [
        [number(value, measure) for value in table[column].astype(float)]
        for column in ("at_low", "at_central", "at_high")
    ]
    status = {each["name"]: each["status"] for each in answer.about["parameters"]}
    names = [table["parameter"].map(parameter_words), table["parameter"].map(status)]
    rows = [list(row) for row in zip(*names, *cells, strict=True)]
    heads = ["Number", "how it is known", "at its low value", "all central", "at its high value"]
    return numbers(heads, rows, f"{measure.title} in {answer.end}, one number changed at a time")


def tornado_list(answer: Answer, measure: Measure, plan: Plan, root: str) -> Component:
    """List the numbers: range, how each is known, source; each links to what the model does with it.

    Parameters
    ----------
    plan
        Goes along in the links.
    root
        Where the dashboard is served: ``/dudley/``.
    """
    known = {each["name"]: each for each in answer.about["parameters"]}
    items = [_item(known[name], plan, root) for name in strongest(answer, measure)["parameter"]]
    return html.Ol(items, className="uncertainty-list")


def _item(each: dict[str, Any], plan: Plan, root: str) -> html.Li:
    low, central, high = (plain_number(float(each[key])) for key in ("low", "central", "high"))
    place = f", {each['locator']}" if each["locator"] else ""
    source = f"Source: {each['source']}{place}." if each["source"] else "No source."
    note = f" {each['note'].rstrip('.')}." if each["note"] else ""
    return html.Li(
        [
            html.A(parameter_words(each["name"]), href=link(each["name"], plan, root)),
            html.P(f"Low {low}, central {central}, high {high} ({unit_words(each['unit'])})."),
            html.P([html.Strong(f"{each['status'].capitalize()}. "), source + note], className="known"),
        ]
    )


def assumptions(answer: Answer) -> set[str]:
    """Names of the numbers drawn that are assumptions: nothing that was published says what they are."""
    return {each["name"] for each in answer.about["parameters"] if each["status"] == "assumption"}


def link(name: str, plan: Plan, root: str) -> str:
    """Address of a number of the model in How it works, with the plan."""
    variable, element = lever_address(name)
    asked = {"variable": (snake_case(variable),)} | ({"element": (element,)} if element else {})
    return f"{root}model{search_of(plan, asked)}"
