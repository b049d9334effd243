"""The parts of the answer on the page: charts in their frames, with what they say in words."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dudley_dashboard.aria import aria, data
from dudley_dashboard.figures import chart
from dudley_dashboard.pages.beside import DO_NOTHING_WORDS
from dudley_dashboard.pages.uncertainty import draw, words
from dudley_dashboard.pages.uncertainty.answer import Answer
from dudley_dashboard.pages.uncertainty.measures import unit_of
from dudley_dashboard.pages.uncertainty.tornado import (
    assumptions,
    strongest,
    tornado_chart,
    tornado_list,
    tornado_table,
)
from dudley_dashboard.plan import Plan
from dudley_sd.results.break_even import BALANCE
from dudley_sd.results.do_nothing import DO_NOTHING, DOING_NOTHING
from dudley_sd.results.measures import Measure
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


def source_of(answer: Answer) -> str:
    """Say whose runs a chart shows."""
    told, beyond = answer.about, answer.about.get("beyond")
    star = f" * {beyond[0]}: beyond the projection, whose last year's rates carry on." if beyond else ""
    return (
        f"{answer.members:,} runs of the model, {told['footprint']}, {told['scenario']}, portfolio "
        f"{told['portfolio'].lower()}, contract {told['contract'].lower()}, seed {told['seed']}.{star}"
    )


def range_part(answer: Answer, measure: Measure) -> Component:
    """Show where the runs lie, in words and as a fan."""
    if words.shown_runs(answer.plan, measure) is None:
        return told(_nothing(answer, measure))
    keys = [
        ("outer", "Your plan: 8 in 10 runs"),
        ("inner", "Your plan: half of the runs"),
        ("middle", "Your plan: the run in the middle"),
    ]
    if words.shown_runs(answer.nothing, measure) is not None:
        keys += [
            ("base", DO_NOTHING_WORDS),
            ("edge", f"{DO_NOTHING.capitalize()}: 8 in 10 runs"),
        ]
    key = html.Ul(
        [html.Li([html.Span(className=kind), text]) for kind, text in keys],
        className="uncertainty-key",
        **data(picture_key=""),
    )
    framed = chart(
        "uncertainty-fan",
        f"{measure.title}: where do the runs lie?",
        unit_of(measure),
        draw.fan(answer, measure),
        draw.fan_table(answer, measure),
        source_of(answer),
        more=[key],
    )
    return html.Section(
        [
            html.H2("How far apart are the runs?"),
            html.Div([framed, _range_told(answer, measure)], className="uncertainty-wide"),
        ]
    )


def _range_told(answer: Answer, measure: Measure) -> Component:
    sentences = [*words.range_sentences(answer, measure), words.central_sentence(answer, measure)]
    sentences.insert(len(sentences) - 1, words.below_zero_sentence(answer, measure))
    return told(*(sentence for sentence in sentences if sentence))


def crossing_part(answer: Answer, measure: Measure, threshold: float | None, side: str) -> list[Component]:
    """Show how many runs cross a line, and in how many the plan beats doing nothing."""
    if words.shown_runs(answer.plan, measure) is None:
        return [told(_nothing(answer, measure))]
    parts: list[Component] = []
    if threshold is None:
        parts.append(told("Type a number to count the runs beyond it."))
    else:
        level = words.level_words(threshold, measure)
        parts.append(
            chart(
                "uncertainty-crossing-chart",
                f"In how many runs does it lie {side} {level}?",
                SHARE,
                draw.crossing_chart(answer, measure, threshold, side),
                draw.crossing_table(answer, measure, threshold, side),
                source_of(answer),
                more=[
                    html.P(
                        words.crossing_sentence(answer, measure, threshold, side),
                        className="uncertainty-answer",
                    )
                ],
            )
        )
    parts.append(_better(answer, measure))
    return parts


def _better(answer: Answer, measure: Measure) -> Component:
    if answer.nothing is None:
        return told(_why_alone(answer))
    if words.shown_runs(answer.nothing, measure) is None:
        return told("Without a plan no shift of care is planned, so there is nothing to compare this with.")
    word, _ = words.outcome_words(measure)
    return chart(
        "uncertainty-better",
        f"In how many runs is your plan {word} than {DOING_NOTHING}?",
        SHARE,
        draw.better_chart(answer, measure),
        draw.better_table(answer, measure),
        source_of(answer),
        more=[
            html.P(sentence, className="uncertainty-answer")
            for sentence in (words.better_sentence(answer, measure), words.harm_sentence(answer, measure))
            if sentence
        ],
    )


def money_part(answer: Answer) -> Component:
    """Show when the plan pays for itself."""
    title = html.H2("Does it pay for itself?")
    if answer.nothing is None:
        return html.Section([title, told(_why_alone(answer))])
    if BALANCE not in answer.plan or BALANCE not in answer.nothing:
        return html.Section([title, told("The stored ensemble does not hold the balance of the system.")])
    against = DOING_NOTHING
    explained = (
        f"It breaks even in the year from which on the whole system is no worse off than with {against}, "
        "added up since 2018 and having been worse off before."
    )
    framed = chart(
        "uncertainty-break-even",
        f"From which year on is the system no worse off than with {against}?",
        SHARE,
        draw.break_even_chart(answer),
        draw.break_even_table(answer),
        source_of(answer),
    )
    side = told(words.break_even_sentence(answer), explained)
    return html.Section([title, html.Div([framed, side], className="uncertainty-wide")])


def numbers_part(answer: Answer, measure: Measure, plan: Plan, root: str) -> Component:
    """Show the numbers that matter most, and where each comes from."""
    title = html.H2("What matters most?")
    if strongest(answer, measure).empty:
        return html.Section([title, told("No number with a range moves this measure.")])
    central = number(words.central_value(answer, measure) or 0.0, measure)
    framed = chart(
        "uncertainty-tornado",
        f"{measure.title} in {answer.end}: which ten numbers matter most?",
        f"{unit_of(measure)} in {answer.end}, one number changed at a time; all central: {central}; "
        "†: an assumption",
        tornado_chart(answer, measure),
        tornado_table(answer, measure),
        f"a run for each end of each of {len(answer.about['parameters'])} ranges, plan as above.",
    )
    return html.Section(
        [
            title,
            html.P(
                f"{assumed_words(answer, measure)} Each number goes alone to the low and to the high end of "
                "its range. The longer the bar, the more it is worth to know that number better. Each name "
                "opens its page in How it works."
            ),
            html.Div([framed, tornado_list(answer, measure, plan, root)], className="uncertainty-pair"),
        ]
    )


def assumed_words(answer: Answer, measure: Measure) -> str:
    """Say how many of the numbers that matter most are assumptions."""
    table, known = strongest(answer, measure), assumptions(answer)
    count = sum(name in known for name in table["parameter"])
    if not count:
        return ""
    all_ = "All" if count == len(table) else str(count)
    return (
        f"{all_} of these {len(table)} numbers {'is an assumption' if count == 1 else 'are assumptions'}: "
        "nothing published says what they are."
    )


def about_part(answer: Answer) -> Component:
    """Say what is drawn, what is not, and how to make the same runs again."""
    about, counts = answer.about, words.left_out_by_reason(answer)
    drawn = len(about["parameters"])
    names: dict[str, list[str]] = {}
    for each in about["left_out"]:
        reason = words.REASONS.get(each["reason"], each["reason"])
        names.setdefault(reason, []).append(each["name"] or each["id"].replace("_", " "))
    items = [
        html.Li(html.Details([html.Summary(f"{count}: {reason}"), html.P("; ".join(names[reason]))]))
        for reason, count in zip(counts.index.astype(str), counts, strict=True)
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
            html.P(f"{len(about['left_out'])} numbers with a range are the same in every run:"),
            html.Ul(items),
            *indicative,
            html.P(
                f"{answer.members:,} runs, seed {about['seed']}: the same seed gives the same draws, for "
                f"every plan, future and area. {words.doubt_words(answer.members)} That says nothing of "
                "how well the ranges themselves are known."
            ),
            html.Details([html.Summary("The command that makes the same runs"), html.Code(about["command"])]),
        ],
        className="uncertainty-card uncertainty-about",
        **aria(labelledby="uncertainty-about-title"),
    )


def told(*sentences: str) -> html.Div:
    """Put sentences into a card."""
    return html.Div([html.P(sentence) for sentence in sentences], className="uncertainty-told")


def _nothing(answer: Answer, measure: Measure) -> str:
    return words.NO_SHIFT if measure.key in answer.plan else words.NOT_STORED


def _why_alone(answer: Answer) -> str:
    return NONE_STORED if answer.about["stored"] and answer.about["decided"] else NOTHING_DECIDED
