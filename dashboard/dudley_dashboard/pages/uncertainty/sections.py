"""Sections of the page: charts in their frames, with what they say in words."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
from dash import html
from dash.development.base_component import Component
from sdcompile.names import snake_case
from sdcompile.read.levers import lever_address

from dudley_dashboard.figures import chart
from dudley_dashboard.names import DO_NOTHING_WORDS, parameter_text, plain_number
from dudley_dashboard.page import root
from dudley_dashboard.pages.uncertainty import charts, tables, text
from dudley_dashboard.pages.uncertainty.ensemble import PLAN, Ensemble, central_value, strongest
from dudley_dashboard.parts import aria, data
from dudley_sd.indicators import Indicator
from dudley_sd.request import Request
from dudley_sd.results.do_nothing import DO_NOTHING, DOING_NOTHING
from dudley_sd.results.table import unit_words
from dudley_sd.text import number

SHARE = "in 100 runs"
NOTHING_DECIDED = (
    "Nothing is put in place in this plan, so there is nothing to compare it with. "
    "Choose a portfolio to see the difference it makes."
)
NONE_STORED = (
    "Doing nothing with the same draws is not stored beside this ensemble, so nothing is compared. "
    "Run the same command with --portfolio none and --contract as_now into the same folder."
)


def card(*sentences: str) -> html.Div:
    """Put sentences into a card; empty ones are left out."""
    return html.Div([html.P(each) for each in sentences if each], className="uncertainty-told")


def range_part(ensemble: Ensemble, indicator: Indicator) -> Component:
    """Show where the runs lie, in words and as a fan."""
    runs = ensemble.runs(indicator)
    if PLAN not in runs:
        return card(_not_there(ensemble, indicator))
    keys = {
        "outer": "Your plan: 8 in 10 runs",
        "inner": "Your plan: half of the runs",
        "middle": "Your plan: the run in the middle",
    }
    if DO_NOTHING in runs:
        keys |= {"base": DO_NOTHING_WORDS, "edge": f"{DO_NOTHING.capitalize()}: 8 in 10 runs"}
    key = html.Ul(
        [html.Li([html.Span(className=kind), words]) for kind, words in keys.items()],
        className="uncertainty-key",
        **data(picture_key=""),
    )
    framed = chart(
        "uncertainty-fan",
        f"{indicator.title}: where do the runs lie?",
        indicator.axis_unit,
        charts.fan(ensemble, indicator),
        tables.fan_table(ensemble, indicator),
        text.source_sentence(ensemble),
        more=[key],
    )
    sentences = card(
        *text.range_sentences(ensemble, indicator),
        text.below_zero_sentence(ensemble, indicator),
        text.central_sentence(ensemble, indicator),
    )
    wide = html.Div([framed, sentences], className="uncertainty-wide")
    return html.Section([html.H2("How far apart are the runs?"), wide])


def crossing_part(
    ensemble: Ensemble, indicator: Indicator, threshold: float | None, side: str
) -> list[Component]:
    """Show how many runs cross a line, and in how many the plan beats doing nothing."""
    if PLAN not in ensemble.runs(indicator):
        return [card(_not_there(ensemble, indicator))]
    if threshold is None:
        return [card("Type a number to count the runs beyond it."), _better_part(ensemble, indicator)]
    crossing = _share_chart(
        "uncertainty-crossing-chart",
        f"In how many runs does it lie {side} {text.level_text(threshold, indicator)}?",
        charts.crossing_chart(ensemble, indicator, threshold, side),
        tables.crossing_table(ensemble, indicator, threshold, side),
        ensemble,
        text.crossing_sentence(ensemble, indicator, threshold, side),
    )
    return [crossing, _better_part(ensemble, indicator)]


def _better_part(ensemble: Ensemble, indicator: Indicator) -> Component:
    if ensemble.nothing is None:
        return card(_why_alone(ensemble))
    if DO_NOTHING not in ensemble.runs(indicator):
        return card("Without a plan no shift of care is planned, so there is nothing to compare this with.")
    return _share_chart(
        "uncertainty-better",
        f"In how many runs is your plan {text.outcome_text(indicator)[0]} than {DOING_NOTHING}?",
        charts.better_chart(ensemble, indicator),
        tables.better_table(ensemble, indicator),
        ensemble,
        text.better_sentence(ensemble, indicator),
        text.harm_sentence(ensemble, indicator),
    )


def money_part(ensemble: Ensemble) -> Component:
    """Show when the plan breaks even."""
    title = html.H2("Does it pay for itself?")
    if ensemble.nothing is None:
        return html.Section([title, card(_why_alone(ensemble))])
    if not ensemble.has_balance:
        return html.Section([title, card("The stored ensemble does not hold the balance of the system.")])
    shares = charts.break_even_bars(ensemble)
    framed = _share_chart(
        "uncertainty-break-even",
        f"From which year on is the system no worse off than with {DOING_NOTHING}?",
        charts.break_even_chart(shares),
        tables.break_even_table(shares),
        ensemble,
    )
    explained = (
        f"It breaks even in the year from which on the whole system is no worse off than with "
        f"{DOING_NOTHING}, added up since 2018 and having been worse off before."
    )
    side = card(text.break_even_sentence(ensemble), explained)
    return html.Section([title, html.Div([framed, side], className="uncertainty-wide")])


def _share_chart(
    name: str, title: str, figure: go.Figure, table: html.Div, ensemble: Ensemble, *sentences: str
) -> html.Figure:
    """Frame a chart of shares of runs, with sentences below the picture."""
    more = [html.P(each, className="uncertainty-answer") for each in sentences if each]
    return chart(name, title, SHARE, figure, table, text.source_sentence(ensemble), more=more)


def numbers_part(ensemble: Ensemble, indicator: Indicator, plan: Request) -> Component:
    """Show the numbers that matter most, and where each comes from; each links to How it works."""
    title, table = html.H2("What matters most?"), strongest(ensemble, indicator)
    if table.empty:
        return html.Section([title, card("No number with a range moves this indicator.")])
    central = number(central_value(ensemble, indicator) or 0.0, indicator)
    framed = chart(
        "uncertainty-tornado",
        f"{indicator.title} in {ensemble.end}: which ten numbers matter most?",
        f"{indicator.axis_unit} in {ensemble.end}, one number changed at a time; all central: {central}; "
        "†: an assumption",
        charts.tornado_chart(ensemble, indicator),
        tables.tornado_table(ensemble, indicator),
        f"a run for each end of each of {len(ensemble.about['parameters'])} ranges, plan as above.",
    )
    known = {each["name"]: each for each in ensemble.about["parameters"]}
    listed = html.Ol(
        [_number(known[name], plan) for name in table["parameter"]], className="uncertainty-list"
    )
    return html.Section(
        [
            title,
            html.P(
                f"{text.assumptions_sentence(ensemble, indicator)} Each number goes alone to the low and to "
                "the high end of its range. The longer the bar, the more it is worth to know that number "
                "better. Each name opens its page in How it works."
            ),
            html.Div([framed, listed], className="uncertainty-pair"),
        ]
    )


def _number(each: dict[str, Any], plan: Request) -> html.Li:
    """List a number: range, how it is known, source."""
    low, central, high = (plain_number(float(each[key])) for key in ("low", "central", "high"))
    locator = f", {each['locator']}" if each["locator"] else ""
    source = f"Source: {each['source']}{locator}." if each["source"] else "No source."
    note = f" {each['note'][0].upper()}{each['note'][1:].rstrip('.')}." if each["note"] else ""
    return html.Li(
        [
            html.A(parameter_text(each["name"]), href=number_link(each["name"], plan)),
            html.P(f"Low {low}, central {central}, high {high} ({unit_words(each['unit'])})."),
            html.P([html.Strong(f"{each['status'].capitalize()}. "), source + note], className="known"),
        ]
    )


def number_link(name: str, plan: Request) -> str:
    """Address of a number of the model in How it works, with the plan."""
    variable, element = lever_address(name)
    keys = {"variable": (snake_case(variable),)} | ({"element": (element,)} if element else {})
    return f"{root()}model{plan.address(keys)}"


def about_part(ensemble: Ensemble) -> Component:
    """Say what is drawn, what is not, and how to make the same runs again."""
    about = ensemble.about
    drawn = len(about["parameters"])
    items = [
        html.Li(html.Details([html.Summary(f"{len(names)}: {reason}"), html.P("; ".join(names))]))
        for reason, names in text.left_out_by_reason(ensemble).items()
    ]
    indicative = [html.P(f"Indicative: {about['indicative']}")] if about["indicative"] else []
    indicative += [html.P(note) for note in about["notes"]]
    return html.Section(
        [
            html.H2("What is drawn, and what is not", id="uncertainty-about-title"),
            html.P(
                f"{drawn} numbers are drawn, each on its own, between the low and the high end of its range, "
                "most often near its central value. Real numbers hang together; these draws do not."
            ),
            html.P(text.references_sentence(ensemble)),
            html.P(f"{len(about['left_out'])} numbers with a range are the same in every run:"),
            html.Ul(items),
            *indicative,
            html.P(
                f"{ensemble.members:,} runs, seed {about['seed']}: the same seed gives the same draws, for "
                f"every plan, future and area. {text.doubt_text(ensemble.members)} That says nothing of "
                "how well the ranges themselves are known."
            ),
            html.Details([html.Summary("The command that makes the same runs"), html.Code(about["command"])]),
        ],
        className="uncertainty-card uncertainty-about",
        **aria(labelledby="uncertainty-about-title"),
    )


def _not_there(ensemble: Ensemble, indicator: Indicator) -> str:
    """Say why an indicator is not there."""
    return text.NO_SHIFT if indicator.key in ensemble.plan else text.NOT_STORED


def _why_alone(ensemble: Ensemble) -> str:
    """Say why there is nothing to compare a plan with."""
    return NONE_STORED if ensemble.about["stored"] and ensemble.about["decided"] else NOTHING_DECIDED
