"""Parts of the generated pages that are of our model: the file of loops, and what is known of a number."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from sdcompile.describe.catalogue import read_catalogue
from sdcompile.describe.dictionary import dictionary_page
from sdcompile.errors import InputError

from dudley_sd.model_pages import parameter_rows, read_loops

SMALL = Path(__file__).parents[3] / "packages" / "sdcompile" / "tests" / "small.mdl"


def test_dictionary_gives_range_status_and_source_and_joins_elements_that_say_the_same():
    row = {"acts_through": "model", "low": 1.0, "central": 2.0, "high": 3.0, "unit": "Person", "locator": ""}
    row |= {"status": "assumption", "source": "", "note": "Nobody | counted"}
    names = ["stay", "people at start[Young]", "people at start[Old]"]
    rows = pd.DataFrame([{"id": name, "model_name": name, **row} for name in names])
    page = dictionary_page(read_catalogue(SMALL, rows), rows=parameter_rows)
    assert "| – | 1 | 2 | 3 | assumption | – | Nobody \\| counted |" in page
    assert "| Young, Old | 1 | 2 | 3 | assumption | – | Nobody \\| counted |" in page


def test_a_loop_without_closing_variable_is_refused(tmp_path):
    path = tmp_path / "loops.toml"
    path.write_text(
        'scenario = "a"\nportfolio = "b"\ncontract = "c"\n'
        '[[loop]]\nname = "R1"\ntitle = "t"\nkind = "reinforcing"\npaths = [["a"]]\n'
    )
    with pytest.raises(InputError, match="a loop needs a closing variable"):
        read_loops(path)
