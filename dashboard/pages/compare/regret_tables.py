"""Regret in tables: by future for one measure, and by every measure."""

from __future__ import annotations

from dash import html

from dashboard.catalogue import catalogue
from dashboard.pages.compare.regret import LAST, Regrets, distance, is_nothing, joined, worst_by
from dashboard.shown import BY_KEY
from dashboard.tables import Content, Row, small, table
from dudley_sd.results.comparison_words import NOTHING, number
from dudley_sd.results.measures import Measure
from dudley_sd.results.regret import JUDGED


def regret_by_future(found: Regrets, judge: str) -> html.Div:
    """Options down, futures across: how far each ends from the best there; the worst of each last."""
    measure = BY_KEY[judge]
    futures = catalogue().scenarios
    mine = found.regret[found.regret["measure"] == judge]
    cells = {
        (str(option), str(scenario)): (float(value), float(regret))
        for option, scenario, value, regret in mine[["portfolio", "scenario", "value", "regret"]].itertuples(
            index=False
        )
    }
    judged = worst_by(found, judge)
    worst = dict(zip(judged["portfolio"], map(float, judged["regret"]), strict=True))
    best = set(judged.loc[judged["least_at_worst"], "portfolio"])
    rows = []
    for option in found.options:
        told: list[Content] = []
        kinds = []
        for scenario in futures:
            at = cells.get((option, scenario))
            told.append(
                NOTHING if at is None else small(_regret(at[1], measure), f"ends at {number(at[0], measure)}")
            )
            kinds.append("regret-best" if at is not None and is_nothing(at[1], measure) else "")
        if option in worst:
            least, largest = option in best, worst[option]
            text = distance(largest, measure)
            told.append(small(text, "✓ least at worst") if least else text)
            kinds.append("regret-least" if least else "regret-worst")
        else:
            told.append(NOTHING)
            kinds.append("")
        rows.append(Row(option, told, kinds=kinds))
    heads = ["Portfolio", *(each.title for each in futures.values()), "Largest regret"]
    caption = f"Regret in {LAST} by “{measure.title}”: how far each ends from the best in the same future"
    return table(caption, heads, rows, "regret-table")


def _regret(value: float, measure: Measure) -> str:
    return "best" if is_nothing(value, measure) else distance(value, measure)


def least_by_measure(found: Regrets) -> html.Div:
    """By every measure: which option is least bad at its worst, and which is next."""
    rows = []
    for judge in JUDGED:
        measure = BY_KEY[judge]
        worst = worst_by(found, judge)
        if len(worst) < 2:
            continue
        least, rest = worst[worst["least_at_worst"]], worst[~worst["least_at_worst"]]
        second = "" if rest.empty else str(rest.iloc[0]["portfolio"])
        cells: list[Content] = [
            joined([str(name) for name in least["portfolio"]]),
            distance(float(least["regret"].iloc[0]), measure),
            second or NOTHING,
            distance(float(rest.iloc[0]["regret"]), measure) if second else NOTHING,
        ]
        rows.append(Row(measure.title, cells))
    heads = ["Judged by", "Least bad at its worst", "Its largest regret", "Runner-up", "Its largest regret"]
    return table(f"Which is least bad at its worst, by every measure, {LAST}", heads, rows)
