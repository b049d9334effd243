"""Is every layout in which ONS publishes projections read, and does what is read add up?"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sdcompile.errors import InputError

from dudley_sd.inputs.ages import AGE_BANDS
from dudley_sd.inputs.ons.layouts import read_releases
from dudley_sd.inputs.ons.release import FileFacts
from dudley_sd.inputs.ons.titles import variant_of
from dudley_sd.inputs.ons.write import describe, write_releases
from dudley_sd.inputs.population import read_population
from dudley_sd.inputs.rates import read_recent_level
from tests.ons_files import (
    MADE_UP,
    SEXES,
    as_csv,
    in_bands,
    make_up,
    nomis_rows,
    sheet_of_ages,
    single_year_rows,
    table_of_ages,
    table_of_components,
    write_xlsx,
    write_zip,
    z1,
)

XLS = Path(__file__).parent / "official"
PEOPLE = make_up()
TESTBURY = list(MADE_UP).index("E38000901")
BANDS = in_bands(PEOPLE["persons"])[TESTBURY, 1:].T
"""People of Testbury by year and band."""


def imported(path: Path, facts: FileFacts | None = None) -> Path:
    """Import Testbury from one file and return the tidy file."""
    (written,) = write_releases(read_releases([path], facts), path.parent / "tidy", ["E38000901"])
    return written


@pytest.mark.parametrize("base", [2014, 2016, 2018, 2022])
@pytest.mark.parametrize("table", [2, 3])
def test_tables_2_and_3_of_every_base(tmp_path, table, base):
    """XLSX in thousands: each figure is that of the file, as rounded there; title, base and years fit."""
    path = write_xlsx(tmp_path / "file.xlsx", table_of_ages(PEOPLE, base, table=table))
    people = read_population(imported(path))
    assert people.attrs["projection"] == f"{base}-based"
    assert people.attrs["source"].startswith(
        f"ONS {base}-based subnational population projections, Table {table}"
    )
    assert people.attrs["area"] == "NHS Testbury CCG"
    assert list(people["year"].to_numpy()) == list(range(base, base + 26))
    np.testing.assert_allclose(people, np.round(BANDS / 1000, 1) * 1000, rtol=0, atol=1e-6)


def test_table_3_as_xls():
    """The older binary format; made-up figures of two areas, four years, in thousands."""
    release = read_releases([XLS / "table_3_2014_based.xls"])[0]
    assert describe(release).endswith(
        "Table 3, population, 2014-based, 2 areas, mid-2014 to mid-2017, persons, males, females, "
        "in thousand persons"
    )
    persons = release.parts[0].table.set_index(["area_code", "item"])
    assert persons.loc[("E38000901", "All ages"), 2014] == 263.7
    assert persons.loc[("E38000901", "85-89"), 2017] == persons.loc[("E38000901", "85-89"), 2017].round(1)


def test_one_sheet_with_a_column_of_sexes(tmp_path):
    """The accessible form of tables: a cover, one sheet, headings in words, years as *Mid-2022*."""
    sheets = table_of_ages(PEOPLE, 2022, unit="persons")
    rows = [
        ["Table 2: 2022-based subnational population projections, migration category variant"],
        ["Unit: persons"],
    ]
    rows.append(
        ["Area code", "Area name", "Sex", "Age group", *(f"Mid-{year}" for year in range(2022, 2048))]
    )
    for sex in SEXES:
        figures = [row for row in sheets[sex.capitalize()] if len(row) > 5 and str(row[0]).startswith("E")]
        rows += [[*row[:2], sex.capitalize(), *row[2:]] for row in figures]
    path = write_xlsx(tmp_path / "file.xlsx", {"Cover": [["2022-based"]], "Table_2": rows})
    people = read_population(imported(path))
    assert people.attrs["projection"] == "2022-based, migration category variant"
    np.testing.assert_array_equal(people, BANDS)


def test_a_table_in_persons(tmp_path):
    """Some variants are in persons; the units line says so, and the tidy file too."""
    path = write_xlsx(tmp_path / "file.xlsx", table_of_ages(PEOPLE, unit="persons"))
    written = imported(path)
    assert set(pd.read_csv(written)["unit"]) == {"persons"}
    np.testing.assert_array_equal(read_population(written), BANDS)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("high international migration", "high migration"),
        ("Low migration", "low migration"),
        ("10-year migration", "10-year migration"),
        ("Alternative internal migration", "alternative internal migration"),
        ("Five-year migration", "5-year migration"),
        ("Migration category", "migration category"),
    ],
)
def test_variants_are_named_by_the_title(tmp_path, words, name):
    """The name goes into the column projection and into the name of the file."""
    path = write_xlsx(tmp_path / "file.xlsx", table_of_ages(PEOPLE, variant=words))
    written = imported(path)
    assert read_population(written).attrs["projection"] == f"2018-based, {name} variant"
    assert name.replace("-", "_").replace(" ", "_") in written.name


def test_z1_as_zip_is_summed_to_bands(tmp_path):
    """Single years 0 to 90 and over, three files of persons."""
    path = write_zip(
        tmp_path / "z1.zip", z1(PEOPLE) | {"readme.txt": b"Projection: Five-year migration variant"}
    )
    people = read_population(imported(path))
    assert people.attrs["projection"] == "2018-based, 5-year migration variant"
    assert tuple(people["age"].to_numpy()) == AGE_BANDS
    np.testing.assert_array_equal(people, BANDS)


def test_a_readme_that_lists_all_variants_names_the_one_of_its_line(tmp_path):
    """The line *Projection* decides; a principal projection is no variant."""
    for line, name in (
        ("Projection: Ten-year migration variant", "10-year migration"),
        ("Principal projection", ""),
    ):
        readme = f"{line}\nOther variants: high migration, low migration\n".encode()
        path = write_zip(tmp_path / "z1.zip", z1(PEOPLE) | {"readme.txt": readme})
        assert read_releases([path])[0].variant == name


@pytest.mark.parametrize(
    "title",
    [
        "2018-based local authority population projections",
        "2018-based subnational population projections: projected population growth",
        "2018-based upper tier local authorities projections",
        "2018-based lower and upper tier local authority population projections",
        "2018-based subnational population projections, Series 1 tables",
    ],
)
def test_words_of_a_title_that_name_no_variant_are_read(title):
    assert variant_of("t.xlsx", [title], FileFacts()) == ("", [])


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("2018-based projections, growth scenario B", "growth scenario b"),
        ("2018-based projections: revised population projections", "revised population projections"),
        ("2018-based projections, high growth", "high growth"),
        ("2018-based projections, series B", "series b"),
    ],
)
def test_words_of_a_title_that_may_name_a_variant_are_asked_about(title, words):
    variant, (fault,) = variant_of("t.xlsx", [title], FileFacts())
    assert not variant
    assert f"speaks of {words!r}" in fault.problem


def test_prose_of_a_readme_names_no_unknown_variant(tmp_path):
    """Its own line does."""
    prose = b"The projections are in any case a guide only.\nNo low growth scenario is published.\n"
    path = write_zip(tmp_path / "z1.zip", z1(PEOPLE) | {"readme.txt": prose})
    assert read_releases([path])[0].variant == ""
    line = b"Projection: Low growth scenario\n"
    write_zip(path, z1(PEOPLE) | {"readme.txt": prose + line})
    with pytest.raises(InputError, match="'low growth scenario', which is no variant known here"):
        read_releases([path])


def test_a_quoted_cell_of_many_lines_is_read(tmp_path):
    """One that takes in rows is refused, whether it ends before the file does or not."""
    path = tmp_path / "2018 SNPP Population persons.csv"
    name, whole = next(iter(z1(PEOPLE).items()))
    path.write_bytes(b'"Notes\na, b\nc\n\n\n\nd, e\nf"\n' + whole)
    assert read_releases([path])[0].layout == "Z1", name
    lines = whole.split(b"\n")
    for rows in ([2], [2, 3], [2, 40]):
        broken = [
            line.replace(b",Popul", b',"Popul') if at in rows[:1] else line for at, line in enumerate(lines)
        ]
        broken = [
            line.replace(b"ation,", b'ation",') if at in rows[1:] else line for at, line in enumerate(broken)
        ]
        path.write_bytes(b"\n".join(broken))
        with pytest.raises(
            InputError, match=r"row 3: a cell goes over rows .* Take out the lone quotation mark\.?$"
        ):
            read_releases([path])


def test_z1_of_males_and_females_makes_persons(tmp_path):
    """Two files given one by one are one table."""
    paths = [tmp_path / name for name in z1(PEOPLE, sexes=["males", "females"])]
    for path, content in zip(paths, z1(PEOPLE, sexes=["males", "females"]).values(), strict=True):
        path.write_bytes(content)
    (written,) = write_releases(read_releases(paths), tmp_path / "tidy.csv", ["NHS Testbury CCG"])
    np.testing.assert_array_equal(read_population(written), BANDS)


@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_nomis(tmp_path, delimiter):
    """CSV and TSV; the base is in the column DATE; ages that are no band of ours are left out."""
    path = tmp_path / "nomis.csv"
    path.write_bytes(as_csv(nomis_rows(PEOPLE, 2016), delimiter))
    people = read_population(imported(path))
    assert people.attrs["projection"] == "2016-based"
    np.testing.assert_array_equal(people, BANDS[:16])


def test_nomis_with_bands_beside_single_years(tmp_path):
    """A download of every age has both; nobody is counted twice."""
    rows = nomis_rows(PEOPLE, 2018)
    bands = in_bands(PEOPLE["persons"])
    for place, (code, name) in enumerate(MADE_UP.items()):
        for year in range(16):
            cells = [
                2018,
                2018,
                1,
                name,
                code,
                2018 + year,
                2018 + year,
                0,
                "Total",
                1,
                "Age 0 - 4",
                20100,
                "Value",
            ]
            rows.append([*cells, bands[place, 1, year], "A", ""])
    path = tmp_path / "nomis.csv"
    path.write_bytes(as_csv(rows))
    np.testing.assert_array_equal(read_population(imported(path)), BANDS[:16])


def test_nomis_by_codes_alone(tmp_path):
    """A selection of five columns, as programs ask for; sexes 1 and 2, ages 101 to 191; no base in it."""
    rows = nomis_rows(PEOPLE)
    keep = [
        rows[0].index(name)
        for name in ("GEOGRAPHY_CODE", "PROJECTED_YEAR_NAME", "GENDER", "C_AGE", "OBS_VALUE")
    ]
    picked = [[row[place] for place in keep] for row in rows[1:] if row[7] != 0 and row[9] < 200]
    path = tmp_path / "nomis.tsv"
    path.write_bytes(as_csv([[rows[0][place] for place in keep], *picked], "\t"))
    with pytest.raises(InputError, match="nothing says which year the projection is based on"):
        read_releases([path])
    np.testing.assert_array_equal(read_population(imported(path, FileFacts(base=2018))), BANDS[:16])


def test_table_5_gives_births_deaths_and_migration(tmp_path):
    """Thousands to persons; within the United Kingdom is within England and across its borders."""
    path = write_xlsx(tmp_path / "table5.xlsx", table_of_components())
    written = imported(path)
    assert written.name == "components_2018_based_table_5.csv"
    rows = pd.read_csv(written).pivot(index="year", columns="component", values="value")
    assert list(rows.index) == list(range(2018, 2044))
    assert rows["population"].notna().all()
    assert list(rows.loc[2018].dropna().index) == ["population"]  # flows start a year later
    rows = rows.loc[2019:]
    np.testing.assert_allclose(rows["internal_net"], rows["england_net"] + rows["cross_border_net"])
    np.testing.assert_allclose(rows["births"] - rows["deaths"], rows["natchange"])
    np.testing.assert_allclose(rows["internal_net"] + rows["international_net"], rows["net_migration"])
    recent = read_recent_level(written, last_year=2023)
    assert recent.births == rows["births"].loc[2019]
    assert recent.deaths == pytest.approx(rows["deaths"].loc[2019:2023].mean())


def test_component_files_of_the_layout_of_z1(tmp_path):
    """Births and deaths in two archives; the rows of all ages are the flows."""
    values = {"Births": PEOPLE["persons"] / 50, "Deaths": PEOPLE["persons"] / 100}
    paths = [
        write_zip(
            tmp_path / f"{name}.zip",
            {f"2018 SNPP {name} persons.csv": as_csv(single_year_rows(flows, "persons", component=name))},
        )
        for name, flows in values.items()
    ]
    (written,) = write_releases(read_releases(paths), tmp_path, ["E38000901"])
    rows = pd.read_csv(written).pivot(index="year", columns="component", values="value")
    np.testing.assert_allclose(rows["births"], values["Births"][TESTBURY].sum(axis=0), atol=1e-6)
    np.testing.assert_allclose(rows["deaths"], values["Deaths"][TESTBURY].sum(axis=0), atol=1e-6)


def test_areas_are_listed_and_an_unknown_one_is_refused_with_its_neighbours(tmp_path):
    """Case does not matter; part of a name suggests the area; nothing is written."""
    releases = read_releases([write_xlsx(tmp_path / "file.xlsx", table_of_ages(PEOPLE))])
    with pytest.raises(InputError, match="Did you mean E38000902 NHS Sampleton CCG"):
        write_releases(releases, tmp_path / "tidy", ["sampleton"])
    assert not (tmp_path / "tidy").exists()
    (written,) = write_releases(releases, tmp_path / "tidy", ["nhs sampleton ccg", "E38000901"])
    assert set(pd.read_csv(written)["area_code"]) == {"E38000901", "E38000902"}


def test_a_file_that_is_there_is_kept(tmp_path):
    """Only --replace replaces, and what was there stays as it was."""
    releases = read_releases([write_xlsx(tmp_path / "file.xlsx", table_of_ages(PEOPLE))])
    there = tmp_path / "tidy.csv"
    there.write_text("mine")
    with pytest.raises(InputError, match="is there already"):
        write_releases(releases, there)
    assert there.read_text() == "mine"
    write_releases(releases, there, again=True)
    assert there.read_text().startswith("area_code")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file.xlsx", "tidy.csv"]


def test_an_area_is_added_to_a_file_that_is_there(tmp_path):
    """Not to one of another projection, nor where it is in it: what would be lost is named."""
    releases = read_releases([write_xlsx(tmp_path / "file.xlsx", table_of_ages(PEOPLE))])
    there = tmp_path / "tidy.csv"
    write_releases(releases, there, ["E38000901"])
    first = there.read_text(encoding="utf-8")
    assert write_releases(releases, there, ["E38000902"]) == {there: "1 area added to the 1 in it"}
    assert there.read_text(encoding="utf-8").startswith(first)
    both = read_population(there, "E38000902")
    whole = there.read_text(encoding="utf-8")
    with pytest.raises(InputError, match=r"lose 1 area of it \(E38000902 NHS Sampleton CCG\)"):
        write_releases(releases, there, ["E38000901"])
    assert there.read_text(encoding="utf-8") == whole
    assert write_releases(releases, there, ["E38000901"], again=True) == {
        there: "replaced, without 1 area of it (E38000902 NHS Sampleton CCG)"
    }
    write_releases(releases, tmp_path / "alone.csv", ["E38000902"])
    np.testing.assert_array_equal(both, read_population(tmp_path / "alone.csv"))
    there.write_text(first.replace("2018-based", "2016-based"), encoding="utf-8")
    with pytest.raises(InputError, match=r"lose 1 area of it \(E38000901 NHS Testbury CCG\)"):
        write_releases(releases, there, ["E38000902"])


def test_rounding_is_no_fault(tmp_path):
    """Thousands with one decimal: ages add to all ages, and sexes to persons, only within rounding."""
    sheets = {
        sex.capitalize(): sheet_of_ages(in_bands(make_up(40, seed=3)[sex]), sex, areas=many(40))
        for sex in SEXES
    }
    (release,) = read_releases([write_xlsx(tmp_path / "file.xlsx", sheets)])
    assert len(release.parts[0].table) == 40 * 20


def many(count: int) -> dict[str, str]:
    return {f"E38001{place:03d}": f"Area {place}" for place in range(count)}


def test_two_tables_are_never_written_to_one_file(tmp_path):
    """The same table in thousands and in persons: which is meant is not for us to say."""
    paths = [
        write_xlsx(tmp_path / f"{unit}.xlsx", table_of_ages(PEOPLE, unit=unit))
        for unit in ("persons", "thousands")
    ]
    with pytest.raises(
        InputError, match=r"two tables would be written to population_2018_based_table_3\.csv"
    ):
        write_releases(read_releases(paths), tmp_path / "tidy")
    assert not (tmp_path / "tidy").exists()


def test_a_file_given_twice_or_in_two_copies(tmp_path):
    """The same path is one file; a copy of it repeats every row."""
    path = write_xlsx(tmp_path / "file.xlsx", table_of_ages(PEOPLE))
    copy = tmp_path / "copy.xlsx"
    copy.write_bytes(path.read_bytes())
    assert len(read_releases([path, path])) == 1
    with pytest.raises(InputError, match="stands more than once"):
        read_releases([path, copy])
