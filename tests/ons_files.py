"""Small files in the layouts in which ONS publishes projections, for tests and for the benchmark.

Titles, lines of units and headings are those of the published workbooks: Tables 2 and 3 with six rows of
titles, a row of headings CODE, AREA, AGE GROUP and years, and sheets Persons, Males, Females; Table 5 with
five rows of titles, the heading COMPONENT and people in the base year; Z1 as CSV with AREA_CODE, AREA_NAME,
COMPONENT, SEX, AGE_GROUP; Nomis with C_AGE 200 and 101 to 191.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from openpyxl import Workbook

from dudley_sd.inputs.ages import AGE_BANDS, ALL_AGES

Rows = list[list[Any]]
People = dict[str, np.ndarray]

MADE_UP = {"E92000001": "Englandshire", "E38000901": "NHS Testbury CCG", "E38000902": "NHS Sampleton CCG"}
"""Areas that do not exist."""

SEXES = ("persons", "males", "females")

UNITS_LINE = "Figures in units (to one decimal place)"
"""Line above the 2018-based Tables 3 and 5, word for word."""


def make_up(areas: int = len(MADE_UP), years: int = 26, seed: int = 0) -> People:
    """People by area, single year of age and mid-year, whole numbers; persons are males and females."""
    chance = np.random.default_rng(seed)
    shape = np.linspace(1.0, 0.15, 91) * np.concatenate([np.ones(90), [3.0]])
    size = 1500 * chance.uniform(0.8, 4, (areas, 1, 1))
    growth = 1 + 0.004 * np.arange(years)
    males, females = (
        np.round(size * shape[None, :, None] * growth * chance.uniform(0.95, 1.05, (areas, 91, 1)))
        for _ in range(2)
    )
    return {"persons": males + females, "males": males, "females": females}


def in_bands(single: np.ndarray) -> np.ndarray:
    """Sum single years to the 19 bands and put all ages first, as Tables 2 and 3 have it."""
    bands = np.add.reduceat(single, np.arange(0, 91, 5), axis=1)
    return np.concatenate([bands.sum(axis=1, keepdims=True), bands], axis=1)


def sheet_of_ages(
    values: np.ndarray,
    sex: str,
    base: int = 2018,
    *,
    areas: Mapping[str, str] = MADE_UP,
    table: int = 3,
    unit: str = "thousands",
    variant: str = "",
    shift: int = 0,
) -> Rows:
    """Rows of one sheet of Table 2 or 3; ``values`` by area, 20 rows of ages and year, in persons."""
    places = "Clinical Commissioning Groups" if table == 3 else "Local Authorities"
    title = f"Table {table}: {base}-based Subnational Population Projections for {places} in England"
    years = [base + place for place in range(values.shape[2])]
    rows: Rows = [
        [f"{base}-based subnational population projections"],
        [title + (f", {variant} variant" if variant else "")],
        [f"{sex.capitalize()} by 5 year age groups"],
        [],
        [UNITS_LINE if unit == "persons" else ""],
        ["", "", "", *[""] * (len(years) - 1), "" if unit == "persons" else unit],
        [*[""] * shift, "CODE", "AREA", "AGE GROUP", *years],
    ]
    for place, (code, name) in enumerate(areas.items()):
        for age, band in enumerate((ALL_AGES, *AGE_BANDS)):
            figures = values[place, age] / 1000 if unit == "thousands" else values[place, age]
            rows.append([code, name, band, *np.round(figures, 1 if unit == "thousands" else 0).tolist()])
    return [*rows, [], ["Figures may not sum due to rounding."], ["Source: Office for National Statistics"]]


def table_of_ages(people: People, base: int = 2018, **options: Any) -> dict[str, Rows]:
    """Sheets of Table 2 or 3."""
    contents = [["Contents"], ["Persons, Males, Females"]]
    return {"Contents": contents} | {
        sex.capitalize(): sheet_of_ages(in_bands(people[sex]), sex, base, **options) for sex in SEXES
    }


def table_of_components(base: int = 2018, years: int = 26, unit: str = "thousands") -> dict[str, Rows]:
    """One sheet of Table 5; the first mid-year has people and no flows."""
    chance = np.random.default_rng(1)
    given = ("Births", "Deaths", "Internal Migration In", "Internal Migration Out")
    given += ("International Migration In", "International Migration Out")
    given += ("Cross-border Migration In", "Cross-border Migration Out")
    rows: Rows = [
        [f"{base}-based subnational population projections"],
        [
            f"Table 5: {base}-based Subnational Population Projections with Components of Change for Local "
            "Authorities"
        ],
        ["All ages, Persons"],
        [UNITS_LINE if unit == "persons" else ""],
        ["", "", "", *[""] * (years - 1), "" if unit == "persons" else unit],
        ["CODE", "AREA", "COMPONENT", *range(base, base + years)],
    ]
    for code, name in MADE_UP.items():
        flows = {item: np.round(chance.uniform(2.0, 6.0, years - 1), 1) for item in given}
        flows["Natural Change"] = flows["Births"] - flows["Deaths"]
        flows["All Migration Net"] = sum(
            flows[f"{kind} Migration In"] - flows[f"{kind} Migration Out"]
            for kind in ("Internal", "International", "Cross-border")
        )
        rows.append([code, name, "Population", *np.round(chance.uniform(300, 320, years), 1).tolist()])
        rows += [[code, name, item, "", *np.round(row, 1).tolist()] for item, row in flows.items()]
    return {"Persons": rows}


def write_xlsx(path: Path, sheets: Mapping[str, Rows]) -> Path:
    """Write rows to a workbook."""
    book = Workbook(write_only=True)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def single_year_rows(
    values: np.ndarray,
    sex: str,
    base: int = 2018,
    areas: Mapping[str, str] = MADE_UP,
    component: str = "Population",
) -> Rows:
    """Rows of one file of Z1; ``values`` by area, single year of age and year."""
    years = [base + place for place in range(values.shape[2])]
    rows: Rows = [["AREA_CODE", "AREA_NAME", "COMPONENT", "SEX", "AGE_GROUP", *years]]
    ages = [*map(str, range(90)), "90 and over"]
    for place, (code, name) in enumerate(areas.items()):
        for age, label in enumerate(ages):
            rows.append([code, name, component, sex, label, *values[place, age].tolist()])
        rows.append([code, name, component, sex, "All ages", *values[place].sum(axis=0).tolist()])
    return rows


def as_csv(rows: Iterable[Sequence[Any]], delimiter: str = ",") -> bytes:
    """Return rows as the bytes of a CSV file."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("utf-8")


def write_zip(path: Path, members: Mapping[str, bytes]) -> Path:
    """Write an archive."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def z1(people: People, base: int = 2018, sexes: Sequence[str] = SEXES) -> dict[str, bytes]:
    """Members of the archive Z1."""
    return {
        f"{base} SNPP Population {sex}.csv": as_csv(single_year_rows(people[sex], sex, base)) for sex in sexes
    }


def nomis_rows(people: People, base: int = 2018, years: int = 16) -> Rows:
    """Rows of a download of NM_2006_1 with all columns that matter, all ages and an age too wide for us."""
    names = {"persons": (0, "Total"), "males": (1, "Male"), "females": (2, "Female")}
    headings = "DATE,DATE_NAME,GEOGRAPHY,GEOGRAPHY_NAME,GEOGRAPHY_CODE,PROJECTED_YEAR,PROJECTED_YEAR_NAME"
    headings += (
        ",GENDER,GENDER_NAME,C_AGE,C_AGE_NAME,MEASURES,MEASURES_NAME,OBS_VALUE,OBS_STATUS,RECORD_COUNT"
    )
    rows: Rows = []
    for place, (code, name) in enumerate(MADE_UP.items()):
        for sex, (gender, gender_name) in names.items():
            values = people[sex][place]
            ages = [(101 + age, f"Age {age}" if age else "Age 0", values[age]) for age in range(90)]
            ages += [(191, "Aged 90+", values[90]), (200, "All Ages", values.sum(axis=0))]
            ages += [(203, "Aged 16 to 64", values[16:65].sum(axis=0))]
            for c_age, age_name, row in ages:
                for year in range(years):
                    where = (base, base, 1 + place, name, code, base + year, base + year)
                    who = (gender, gender_name, c_age, age_name)
                    rows.append([*where, *who, 20100, "Value", f"{row[year]:.0f}", "A"])
    return [headings.split(","), *[[*row, len(rows)] for row in rows]]
