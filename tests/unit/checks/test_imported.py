"""Are imported projections part of the inputs without getting in the way of what is shipped?"""

from __future__ import annotations

import shutil
from pathlib import Path

from dudley_sd.checks.citations import citation_faults
from dudley_sd.checks.input_files import input_file_faults
from dudley_sd.inputs.ons.layouts import read_releases
from dudley_sd.inputs.ons.write import write_releases
from dudley_sd.inputs.projection_choice import IMPORTED
from tests.ons_files import make_up, table_of_ages, table_of_components, write_xlsx

INPUTS = Path(__file__).parents[3] / "inputs"


def test_imported_tables_pass_the_check_and_need_no_row_in_sources(tmp_path):
    """They name their source in full; a file there that is no table of ours is found."""
    inputs = tmp_path / "inputs"
    shutil.copytree(INPUTS, inputs)
    before = input_file_faults(inputs), citation_faults(inputs)
    files = [
        write_xlsx(tmp_path / "table3.xlsx", table_of_ages(make_up(years=4))),
        write_xlsx(tmp_path / "table5.xlsx", table_of_components()),
    ]
    first, _ = write_releases(read_releases(files), inputs / IMPORTED)
    assert (input_file_faults(inputs), citation_faults(inputs)) == before == ([], [])

    text = first.read_text(encoding="utf-8")
    first.write_text(text.replace(",All ages,2018,", ",All ages,twenty,", 1), encoding="utf-8")
    (fault,) = input_file_faults(inputs)
    assert "'twenty' is not a whole number" in fault.problem
