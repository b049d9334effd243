"""Regret in tables: by future for one measure, and by every measure."""

from __future__ import annotations

from dash import html

from dudley_dashboard.catalogue import catalogue
from dudley_dashboard.pages.beside import YOUR_PLAN
from dudley_dashboard.pages.compare.regret import Regrets
from dudley_dashboard.pages.compare.regret_words import distance, ends, is_nothing, level_with_first
from dudley_dashboard.shown import BY_KEY
from dudley_dashboard.tables import Content, Row, small, table
from dudley_sd.results.measures import Measure
from dudley_sd.results.regret import JUDGED
from dudley_sd.text import NOTHING, in_words, joined, number


def regret_by_future(found: Regrets, judge: str, among: str = "these") -> html.Div:
    """Options down, futures across: how far each ends from the best there; the worst of each last."""
    measure = BY_KEY[judge]
    futures = catalogue().scenarios
    mine = found.regret[found.regret["measure"] == judge]
    cells = {(str(row["portfolio"]), str(row["scenario"])): row for _, row in mine.iterrows()}
    judged = found.by(judge)
    worst = dict(zip(judged["portfolio"], map(float, judged["regret"]), strict=True))
    best = set() if judged.empty else set(level_with_first(judged, measure)["portfolio"])
    rows = []
    for option in found.options:
        told: list[Content] = []
        kinds = []
        for scenario in futures:
            at = cells.get((option, scenario))
            told.append(
                NOTHING
                if at is None
                else small(
                    _regret(at["regret"], measure),
                    ends(at, measure),
                    f"ends at {in_words(number(at['value'], measure), measure)}",
                )
            )
            kinds.append("regret-best" if at is not None and is_nothing(at["regret"], measure) else "")
        if option in worst:
            least, text = option in best, distance(worst[option], measure)
            told.append(
                small(text, f"✓ least at worst{', a tie' if len(best) > 1 else ''}") if least else text
            )
            kinds.append("regret-least" if least else "regret-worst")
        else:
            told.append(NOTHING)
            kinds.append("")
        rows.append(Row(small(option, marks(found, option)), told, kinds=kinds))
    heads = ["Portfolio", *(each.title for each in futures.values()), "Largest regret"]
    caption = (
        f"Regret in {found.year} by “{measure.title}”: how far each ends from the best of {among} in the "
        "same future; medians, and where 8 in 10 runs lie"
    )
    return table(caption, heads, rows, "regret-table")


def marks(found: Regrets, option: str) -> str:
    """Say of an option that it is the plan of the address, and that it rests on claims."""
    yours = YOUR_PLAN.lower() if option == found.yours and option != YOUR_PLAN else ""
    return ", ".join(each for each in (yours, "rests on claims" if option in found.claims else "") if each)


def _regret(value: float, measure: Measure) -> str:
    return "best" if is_nothing(value, measure) else distance(value, measure)


def least_by_measure(found: Regrets, among: str = "these") -> html.Div:
    """By every measure: which options hold up best in the worst case, and which are next."""
    rows = []
    for judge in JUDGED:
        measure, worst = BY_KEY[judge], found.by(judge)
        if len(worst) < 2:
            continue
        least = level_with_first(worst, measure)
        rest = worst.iloc[len(least) :]
        cells: list[Content] = [
            joined([str(name) for name in least["portfolio"]]),
            small(distance(float(least["regret"].iloc[0]), measure), ends(least.iloc[0], measure)),
            NOTHING,
            NOTHING,
        ]
        if not rest.empty:
            cells[2] = joined([str(name) for name in level_with_first(rest, measure)["portfolio"]])
            cells[3] = small(distance(float(rest.iloc[0]["regret"]), measure), ends(rest.iloc[0], measure))
        rows.append(Row(measure.title, cells))
    heads = ["Judged by", "Best in the worst case", "Its largest regret", "Next", "Its largest regret"]
    return table(
        f"Which of {among} holds up best in the worst case, by every measure, {found.year}; "
        "names together tie",
        heads,
        rows,
    )
