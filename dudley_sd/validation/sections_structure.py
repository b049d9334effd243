"""Which sections of the page tell what the model is made of, and what others found?"""

from __future__ import annotations

from html import escape

from dudley_sd.results.figure_parts import Figure
from dudley_sd.results.page import Charts
from dudley_sd.results.page_tables import Row, table
from dudley_sd.validation import figures
from dudley_sd.validation.finding import REPORTED
from dudley_sd.validation.kinds import BOUNDARY, DIMENSIONS, PARAMETERS, SENSITIVITY, SURPRISES
from dudley_sd.validation.report import Report
from dudley_sd.validation.sections import by_id, chart, folded, kind_key, of_kind, section
from dudley_sd.validation.sensitivity import INDICATORS
from dudley_sd.validation.sensitivity_findings import TOP, number_words, top_table
from dudley_sd.validation.tables import findings_table, reported_table, small, wordy

TORNADOES = ("GP gap", "Emergency bed days", "Accumulated system balance")
BOUNDARY_WORDS = {
    "endogenous": "Explained by the model",
    "exogenous": "Given to the model",
    "left out": "Left out",
}


def boundary_section(report: Report) -> str:
    """Tell what is in and what is out."""
    findings = of_kind(report.findings, BOUNDARY)
    lines = [(f"<b>{BOUNDARY_WORDS[name]}</b>", [escape(cell)]) for name, cell in report.boundary.items()]
    rows: list[Row] = [
        ([str(name)], [f"{value:,}" for value in values])
        for name, values in zip(report.sectors.index, report.sectors.to_numpy(), strict=True)
    ]
    heads = ["Sector", *(name.capitalize() for name in report.sectors.columns)]
    body = (
        wordy("Boundary of the model", ["", "What"], lines)
        + findings_table("Sectors", findings)
        + folded("Variables of each sector", table("Variables of each kind", heads, rows))
    )
    found = by_id(findings, "boundary_sectors").found
    return section(BOUNDARY, f"{found.split(';')[0]} sectors of the specification are in the model", body)


def dimension_section(report: Report) -> str:
    """Whether units balance."""
    findings = of_kind(report.findings, DIMENSIONS)
    units = by_id(findings, "units")
    says = "Units balance in every equation" if units.passes else "Units do not balance in every equation"
    return section(DIMENSIONS, says, findings_table("Units and rules", findings))


def parameters_section(report: Report, charts: Charts) -> str:
    """How the numbers are known."""
    findings = of_kind(report.findings, PARAMETERS)
    assumed = by_id(findings, "numbers_assumed")
    drawn = charts.add(
        "status",
        lambda columns: figures.status_figure(report.numbers, columns),
        "Numbers by status: see the table",
        2,
        1,
    )
    rows: list[Row] = [
        ([str(part)], [f"{value:,}" for value in values])
        for part, values in zip(report.numbers.index, report.numbers.to_numpy(), strict=True)
    ]
    counted = table("Numbers by status", ["Part of the inputs", *map(str, report.numbers.columns)], rows)
    judged = [each for each in findings if each.verdict != REPORTED]
    told = [each for each in findings if each.verdict == REPORTED]
    body = (
        findings_table("Every number says how it is known", judged)
        + reported_table("What the numbers rest on", told)
        + chart(drawn, "All numbers, switches and structural zeros among them.")
        + folded("Table of numbers by status", counted)
    )
    return section(
        PARAMETERS, f"{assumed.found} of the model's numbers are assumptions, each with a range", body
    )


def sensitivity_section(report: Report, charts: Charts) -> str:
    """Which numbers decide the answers."""
    found = report.sensitivity
    findings = of_kind(report.findings, SENSITIVITY)
    drawn = []
    for place, title in enumerate(TORNADOES):

        def build(columns: int, title: str = title) -> Figure:
            return figures.tornado_figure(found, title, columns)

        element = charts.add(f"tornado-{place}", build, f"What moves {title}: see the table", 2, 1)
        drawn.append(f"<h3>{escape(title)} in 2033: the {TOP} numbers that move it most</h3>{element}")
    words = top_table(found)
    lines = [
        (
            f"<b>{escape(number_words(str(name)))}</b>" + small(f"{row['status']}, {row['range']}"),
            [escape(str(row[each.title])) for each in INDICATORS],
        )
        for name, row in words.iterrows()
    ]
    caption = f"The {TOP} numbers that matter most: each indicator in 2033 at their low and high end"
    body = (
        reported_table("What decides the answers", findings)
        + "".join(drawn)
        + folded(caption, wordy(caption, ["Number", *(each.title for each in INDICATORS)], lines))
    )
    rests = by_id(findings, "sensitivity_rests_on")
    words_of_most = rests.found.replace(" of ", " of the ").replace(" are ", " that matter most are ")
    first = number_words(str(found.reach.index[0]))
    return section(
        SENSITIVITY,
        f"{first[0].upper() + first[1:]} matters most; {words_of_most}",
        body,
        f"{len(found.rows)} numbers that act through the model, one at a time at the low and the high end "
        "of their range, all others central; Official Future with the portfolio. Left out: switches, what "
        "the portfolio decides, shares of a whole, and numbers that act through the reference flows. One at "
        "a time shows no interactions: an ensemble does.",
    )


def surprises_section(report: Report) -> str:
    """Tell what was not expected."""
    findings = of_kind(report.findings, SURPRISES)
    return section(
        SURPRISES,
        "What the model did that was not expected, and why",
        reported_table("Surprises", findings),
        key=kind_key(SURPRISES),
    )


def others_section(report: Report) -> str:
    """Tell what others found."""
    lines = [
        (
            f"<b>{escape(row['what'])}</b>" + small(row["source"]),
            [escape(row["model"]), escape(row["others found"]), escape(row["why they differ"])],
        )
        for _, row in report.others.iterrows()
    ]
    body = wordy(
        "The reference case beside what others found",
        ["What", "Model", "Others found", "Why they differ"],
        lines,
    )
    return section(
        "Compare with",
        "What others found, beside the model: compared, never fitted",
        body,
        "Reference case: Official Future, do nothing; what is moved: with the portfolio as evidenced.",
    )
