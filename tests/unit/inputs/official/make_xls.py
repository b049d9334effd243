"""Make the small .xls files of this folder; needs xlwt, which nothing else does."""

from __future__ import annotations

from pathlib import Path

import xlwt  # type: ignore[import-not-found]

from tests.ons_files import MADE_UP, SEXES, Rows, in_bands, make_up, sheet_of_ages

HERE = Path(__file__).parent
TWO = {code: MADE_UP[code] for code in list(MADE_UP)[1:]}


def write_xls(name: str, sheets: dict[str, Rows]) -> None:
    """Write rows to a workbook of the older format."""
    book = xlwt.Workbook()
    for title, rows in sheets.items():
        sheet = book.add_sheet(title)
        for place, row in enumerate(rows):
            for column, cell in enumerate(row):
                if cell != "":
                    sheet.write(place, column, cell)
    book.save(str(HERE / name))


def main() -> None:
    """Write a sound file, and one whose headings stand a column to the right of their figures."""
    people = {sex: in_bands(values)[1:, :, :4] for sex, values in make_up().items()}
    for name, shift in (("table_3_2014_based.xls", 0), ("shifted_header.xls", 1)):
        sheets = {
            sex.capitalize(): sheet_of_ages(people[sex], sex, 2014, areas=TWO, shift=shift) for sex in SEXES
        }
        write_xls(name, sheets)


if __name__ == "__main__":
    main()
