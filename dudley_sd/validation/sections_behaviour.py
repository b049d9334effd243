"""Which sections of the page tell how the model behaves?"""

from __future__ import annotations

from html import escape

from dudley_sd.results.page import Charts
from dudley_sd.results.page_tables import Row, table
from dudley_sd.validation import figures
from dudley_sd.validation.back_test import GROUPS, YEARS, group_errors, revision_table
from dudley_sd.validation.finding import Finding, worst
from dudley_sd.validation.kinds import BACK_TEST, EXTREMES, FAMILY, INTEGRATION, LOOPS
from dudley_sd.validation.report import Report
from dudley_sd.validation.sections import by_id, chart, folded, of_kind, plain, section
from dudley_sd.validation.tables import badge, findings_table, wordy
from dudley_sd.validation.targets import shown

LARGEST_SHOWN = 12
"""Indicators in the table of the step; those below move less."""


def published_section(report: Report) -> str:
    """One line for each row of the specification's table, and every finding for those who ask."""
    rows: dict[str, list[Finding]] = {}
    for finding in report.findings:
        if finding.row and finding.test != BACK_TEST:
            rows.setdefault(finding.row, []).append(finding)
    lines, details = [], []
    for name, found in rows.items():
        passing = sum(finding.passes for finding in found)
        first = f"{found[0].what}: {found[0].found}"
        more = f" and {len(found) - 1} more" if len(found) > 1 else ""
        cells = [f"{escape(first)}{more}", f"{passing} of {len(found)}", badge(worst(found))]
        lines.append((f"<b>{escape(name[0].upper() + name[1:])}</b>", cells))
        details.append(folded(name[0].upper() + name[1:], findings_table(name, found)))
    whole = sum(worst(found) == "passes" for found in rows.values())
    heads = ["Check", "For instance", "Pass", "Verdict"]
    body = wordy("What the model must reproduce", heads, lines)
    body += "<h3>Every figure, with tolerance and source</h3>" + "".join(details)
    return section(
        "Published numbers",
        f"{whole} of {len(rows)} checks of what the model must reproduce hold in full",
        body,
        "The checks are those that the specification of the model asks for. Figures come from the run named "
        "in the note; the reference case is Official Future, do nothing.",
    )


def back_test_section(report: Report, charts: Charts) -> str:
    """How far the projection was out, where, and what that means for demand."""
    findings = of_kind(report.findings, BACK_TEST)
    days = report.growth.loc["emergency bed days"]
    total = by_id(findings, "back_total").found
    says = (
        f"The projection was {total} out on people of all ages; by {YEARS[-1]} ageing alone has raised bed "
        f"days by {days['estimated']:.0%}, where it had {days['projected']:.0%}"
    )
    heat = charts.add(
        "error",
        lambda columns: figures.error_figure(report.back, columns),
        "Error by age and year: see the table",
        2,
        1,
    )
    demand = charts.add(
        "growth",
        lambda columns: figures.growth_figure(report.growth, columns),
        "Growth of each service by ageing",
        2,
        1,
    )
    body = (
        findings_table("Back-test of the 2014-based projection, 2018 to 2023", findings)
        + "<h3>Where it was out: projection less estimate, per cent</h3>"
        + chart(
            heat,
            "Orange: more people projected than ONS has estimated since. Blue: fewer. Mid-year estimates "
            "rebased to Census 2021. The projection starts from mid-2014: 2018 is already its fourth year.",
        )
        + "<h3>What the error means for demand</h3>"
        + "".join(plain(text) for text in demand_words(report))
        + chart(
            demand,
            "Use of each age as in 2018, for people as projected and as estimated since; no other growth.",
        )
        + folded("Kinds of error: bias, variation, covariation (Theil)", _theil_table(report))
        + folded("Mid-2018 as projected, as estimated at the time, and as rebased", _revisions(report))
    )
    return section(
        BACK_TEST,
        says,
        body,
        "What is tested is the ONS 2014-based projection, which the model's reference run reproduces to "
        "rounding: the model has no demography of its own to test.",
    )


def demand_words(report: Report) -> list[str]:
    """Say in plain words what the projection's error means for demand."""
    growth, parts = report.growth, report.bed_days
    days, contacts = growth.loc["emergency bed days"], growth.loc["practice contacts, same day"]
    old = parts[["75 to 84", "85 and over"]].sum()
    revised = revision_table(report.back).loc["85 and over"]
    over_85 = revised["projected in 2016"] - revised["estimated in 2019"]
    then = revised["estimated since Census 2021"] - revised["estimated in 2019"]
    return [
        "If people of each age used what they used in 2018, the projection has "
        f"{days['error in last year']:.1%} more emergency bed days in 2023 than the people whom ONS has "
        f"estimated since: {days['projected']:+.1%} since 2018 instead of {days['estimated']:+.1%}. People "
        f"of 75 and over make {100 * old:.1f} points of that; all younger people "
        f"{100 * (parts.sum() - old):+.1f}. Practice contacts are {abs(contacts['error in last year']):.1%} "
        "out.",
        "For a plan made on the projection this means: demand on beds, community nursing and care homes "
        "grows later than it says; demand on practices, outpatients and A&E about as it says. It does not "
        "mean that the growth is gone: the same people are younger, and most will yet grow old.",
        f"Rebasing matters less than the error. For mid-2018 the projection had {over_85:,.0f} more people "
        "of 85 and over than ONS estimated at the time; Census 2021 has since moved that estimate "
        f"{'up' if then >= 0 else 'down'} by {abs(then):,.0f}. Estimates of 2018 to 2020 made at the time "
        "and rebased ones differ, so a comparison made in 2020 would have given other errors.",
    ]


def _theil_table(report: Report) -> str:
    rows: list[Row] = []
    for name, found in group_errors(report.back).items():
        cells = [
            shown(found.mean_error, "change", 1),
            shown(found.mean_absolute_percentage_error, "share", 1),
            f"{found.root_mean_square:,.0f}",
            f"{found.bias:.0%}",
            f"{found.unequal_variation:.0%}",
            f"{found.unequal_covariation:.0%}",
            f"{found.inequality:.3f}",
        ]
        rows.append(([name], cells))
    heads = [
        "Age",
        "Mean error",
        "Mean absolute error",
        "Root mean square, people",
        "Bias",
        "Variation",
        "Covariation",
        "U",
    ]
    note = plain(
        "Bias: wrong level. Variation: wrong trend or swings. Covariation: wrong from year to year. Six "
        "years are few: a growing error, as at 85 and over, shows as bias and variation together."
    )
    return (
        table(
            f"Error of each age group, {YEARS[0]} to {YEARS[-1]}, and Theil's shares of its mean square",
            heads,
            rows,
        )
        + note
    )


def _revisions(report: Report) -> str:
    found = revision_table(report.back)
    rows: list[Row] = [([name], [f"{value:,.0f}" for value in found.loc[name]]) for name in GROUPS]
    return table("People in mid-2018", ["Age", *(name.capitalize() for name in found.columns)], rows)


def extremes_section(report: Report) -> str:
    """Tell what happens at the limits."""
    findings = of_kind(report.findings, EXTREMES)
    sensible = sum(each.passes for each in findings)
    says = f"{sensible} of {len(findings)} extremes leave the model finite, ordered and sensible"
    return section(EXTREMES, says, findings_table("The model at its limits", findings))


def integration_section(report: Report) -> str:
    """Tell what a shorter step changes."""
    findings = of_kind(report.findings, INTEGRATION)
    most = by_id(findings, "halving")
    rows: list[Row] = [
        ([str(row["indicator"])], [f"{row['moved']:.2%}", str(row["run"])])
        for _, row in report.steps.head(LARGEST_SHOWN).iterrows()
    ]
    steps = table(
        "Movement when the step is halved, share of the series' maximum",
        ["Indicator", "Moves by", "In the run"],
        rows,
    )
    body = findings_table("Integration error", findings) + folded(
        f"The {len(rows)} indicators that move most", steps
    )
    return section(INTEGRATION, f"Halving the step moves no indicator by more than {most.found}", body)


def loops_section(report: Report) -> str:
    """Tell what cutting each loop does."""
    findings = of_kind(report.findings, LOOPS)
    right = sum(each.passes for each in findings)
    body = findings_table("Each loop cut, each chain followed", findings)
    return section(
        LOOPS,
        f"{right} of {len(findings)} loops and chains go the expected way",
        body,
        "A switch pins one link of a loop at its 2018 value; everything else stays live.",
    )


def family_section(report: Report) -> str:
    """Tell what the same model says of neighbours."""
    findings = of_kind(report.findings, FAMILY)
    forms = ["{:,.0f}", "{:.1%}", "{:,.0f}", "{:+.1%}", "{:+.0%}", "{:+.0%}"]
    rows = [
        (
            f"<b>{escape(str(area))}</b>",
            [form.format(value) for form, value in zip(forms, values, strict=True)],
        )
        for area, values in zip(report.family.index, report.family.to_numpy(), strict=True)
    ]
    heads = ["Area", *(name[0].upper() + name[1:] for name in report.family.columns)]
    body = findings_table("Other areas", findings) + wordy("The family, by demography alone", heads, rows)
    right = sum(each.passes for each in findings)
    return section(
        FAMILY,
        f"{right} of {len(findings)} things expected of Dudley and three neighbours hold",
        body,
        "Other areas are run with their own people and Dudley's rates of use, as the reference: demography "
        "alone. Their practices, hospital, staff and money are not in the inputs yet, so nothing is said of "
        "them.",
    )
