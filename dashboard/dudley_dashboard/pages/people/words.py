"""What does the page say of the people it shows?"""

from __future__ import annotations

from collections.abc import Mapping

from dudley_dashboard.pages.people.data import OTHERS, OVER_75, WORKING_AGE, People, at, signed, whole
from dudley_sd.inputs.projection_choice import TURNS_ON_THE_BASE
from dudley_sd.validation.back_test import GROUPS, OUTTURN, PARTS, YEARS
from dudley_sd.validation.targets import source_title

ALL = (0, 120)
SOURCE = "ons_snpp_2014_ccg_table3"
ESTIMATES = "ons_mye_rebased_2021"
MOVES = 50
"""People by which a band must differ from the projection to be worth a sentence."""

NO_ESTIMATES = (
    "The inputs hold ONS mid-year estimates after 2018 for Dudley alone "
    f"(inputs/ons/{OUTTURN}); choose Dudley to see how the projection has fared."
)
WHY = (
    "Why: the projection was published in 2016. Since then the fall in death rates that it assumed has "
    "slowed, and from 2020 Covid-19 took many old people; the comparison cannot tell the two apart. Read "
    "growth at old ages as an upper edge. The estimates themselves were rebased to Census 2021."
)
"""Of old ages, as ``inputs/validation/targets.csv`` documents it."""


def read_against(rest: Mapping[str, tuple[str, ...]]) -> tuple[str, list[str]]:
    """Return which other projection an address asks for, and what to say if there is none such."""
    values = rest.get("against", ())
    if not values or not values[-1]:
        return "", []
    if values[-1] in OTHERS:
        return values[-1], []
    return "", [f"There is no projection “{_short(values[-1])}” to compare with; none is shown."]


def read_year(rest: Mapping[str, tuple[str, ...]], years: tuple[int, int]) -> tuple[int, list[str]]:
    """Return the mid-year an address asks for, the last one if none, and a note if it cannot be."""
    values = rest.get("year", ())
    first, last = years
    if not values:
        return last, []
    if values[-1].isdecimal() and len(values[-1]) == 4 and first <= int(values[-1]) <= last:
        return int(values[-1]), []
    return last, [f"“{_short(values[-1])}” is no year from {first} to {last}; {last} is shown."]


def year_sentence(people: People, year: int) -> str:
    """Say how many people there are in a year, and how many more or fewer than at the start."""
    start = int(people.run["year"][0])
    said = [f"Mid-{year}: {whole(at(people.run, ALL, year))} people"]
    for name, ages in (("15 to 64", WORKING_AGE), ("75 and over", OVER_75)):
        now, then = at(people.run, ages, year), at(people.run, ages, start)
        since = "" if year == start else f" ({signed(now / then - 1)} since {start})"
        said.append(f"{name} {whole(now)}{since}")
    return "; ".join(said) + "."


def departure(people: People) -> str:
    """Say how far the run departs from the projection under it, and why."""
    gaps = people.run - people.projection
    last = int(people.run["year"][-1])
    total = at(people.run, ALL, last) - at(people.projection, ALL, last)
    largest = float(abs(gaps).max())
    if largest < MOVES:
        return (
            f"Your plan stays within {largest:.0f} people of the projection in every band and year: outline "
            "and bars are all but the same."
        )
    series = gaps.to_series().abs()
    year, age = series.index[int(series.to_numpy().argmax())]
    gap = float(gaps.sel(year=year, age=age))
    more = "more" if gap > 0 else "fewer"
    return (
        f"The bars are your plan, the outline is the projection that it starts from. Better or worse "
        f"health moves deaths, and so people: by {last} there are {whole(abs(total))} "
        f"{'more' if total > 0 else 'fewer'} than projected; furthest apart are those of {age} in {year}, "
        f"{whole(abs(gap))} {more}."
    )


def source_line(people: People, trends: bool = False) -> str:
    """Say where the people of the page are from; of trends, with those that came and were projected since."""
    title = source_title(SOURCE)
    if trends and people.estimated is not None:
        title += f"; {source_title(ESTIMATES)}"
    if trends and people.later is not None:
        title += f"; {source_title(str(people.later.attrs.get('source', SOURCE)))}"
    elif people.other is not None:
        title += f"; {source_title(str(people.other.attrs.get('source', SOURCE)))}"
    if people.indicative:
        return f"{people.indicative}. Dudley's rates: {title}."
    beyond = ", ".join(map(str, people.beyond))
    tail = f" {beyond}: beyond the table, its last rates carried on." if beyond else ""
    return f"{title}; run of the model: {people.scenario}, {people.portfolio}.{tail}"


def estimates_source() -> str:
    """Say where the mid-year estimates are from."""
    return f"{source_title(ESTIMATES)}, beside {source_title(SOURCE)}."


def outturn_words(people: People) -> list[str]:
    """Say how the projection has fared against the estimates since."""
    if people.estimated is None:
        return [NO_ESTIMATES]
    last = YEARS[-1]
    by_group = {
        name: at(people.projection, ages, last) - at(people.estimated, ages, last)
        for name, ages in GROUPS.items()
    }
    over_75 = by_group["75 and over"]
    share = over_75 / at(people.estimated, OVER_75, last)
    most = max(PARTS, key=lambda name: by_group[name])
    least = min(PARTS, key=lambda name: by_group[name])
    total = by_group["All ages"]
    return [
        f"By mid-{last} the projection had {whole(abs(total))} {'more' if total > 0 else 'fewer'} people in "
        f"all than ONS has estimated since. Most too many: {most} ({whole(by_group[most])}); most too few: "
        f"{least} ({whole(-by_group[least])}). Of 75 and over it had {whole(abs(over_75))} "
        f"{'too many' if over_75 > 0 else 'too few'} ({signed(share)}).",
        WHY,
    ]


def base_words(people: People, is_dudley: bool) -> list[str]:
    """Say what turns on the base, and how this area differs between the two that are shown."""
    said = [TURNS_ON_THE_BASE] if is_dudley else []
    if people.other is None:
        return said
    last = min(int(people.other["year"][-1]), 2032)
    parts = []
    for name, ages in (("15 to 64", WORKING_AGE), ("75 and over", OVER_75)):
        here, there = (
            at(each, ages, last) - at(each, ages, 2018) for each in (people.projection, people.other)
        )
        parts.append(f"{name} {_more(here)} here, {_more(there)} in the {people.other_title}")
    return [*said, f"{people.place}, 2018 to {last}: {'; '.join(parts)}."]


def _more(value: float) -> str:
    return f"{'+' if value >= 0 else '−'}{whole(abs(value))}"


def _short(text: str) -> str:
    printable = "".join(letter for letter in text if letter.isprintable())
    return printable if len(printable) <= 40 else f"{printable[:37]}..."
