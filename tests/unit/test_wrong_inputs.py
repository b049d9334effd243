"""Wrong words on the command line: every fault at once, in plain words, and nothing half-written."""

from __future__ import annotations

import pytest
from sdcompile.errors import InputError
from typer.testing import CliRunner

from dudley_sd.cli import app

PLAN = """\ufefftitle = "a"
date = 2026-01-01
scenarios = ["Official Future"]
portfolo = "none"
footprints = ["Black_Country"]
[levers]
"coverage[MDT]" = "0,5"
"""


@pytest.mark.usefixtures("shared_folder")
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            "ensemble --members=-5 --workers 0 --seed=-1 --footprint Black_Country",
            ["4 faults", "members, -5", "workers, 0", "seed, -1", "Write it so: black_country"],
        ),
        ("ensemble --footprint dudley --footprint dudley", ["dudley: is asked for twice"]),
        (
            "explore Official_Future --footprint Black_Country --size 0 --method morris",
            ["3 faults", "size, 0", "Write it so: official_future", "Write it so: black_country"],
        ),
        (
            "compare --portfolio none --portfolio none --footprint Black_Country --contract MCP",
            [
                "3 faults",
                "none: is asked for twice",
                "Write it so: black_country",
                "Choose one of: dudley_mcp",
            ],
        ),
        ("run --from .", ["is a folder, not a file"]),
        ("run --from torn.csv", ["torn.csv: is no Excel workbook", "Save it as .xlsx"]),
        ("run --from empty.toml", ["5 faults", "empty.toml, title: is missing. Add it"]),
        (
            "run --from plan.toml",
            [
                "plan.toml, portfolio: is missing",
                "portfolo: is no key of a plan file, found 'none'. Did you mean portfolio?",
                "found 'Official Future'. Write it so: official_future",
                "found 'Black_Country'. Write it so: black_country",
                "levers.coverage[MDT]",
            ],
        ),
        ("summarise torn.csv", ["torn.csv: is a file, and a store is a folder"]),
        ("summarise .", ["is not the store of an ensemble"]),
        (
            "ons empty.toml nix.csv",
            ["2 faults", "empty.toml: the file is empty", "nix.csv: the file"],
        ),
        ("template --to levers.csv", ["levers.csv: does not end in .xlsx"]),
    ],
)
def test_wrong_words_are_told_all_at_once_and_nothing_is_written(tmp_path, monkeypatch, words, told):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "torn.csv").write_bytes(b"PK\x03\x04 a workbook with another ending")
    (tmp_path / "empty.toml").write_bytes(b"")
    (tmp_path / "plan.toml").write_text(PLAN, encoding="utf-8")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(InputError) as caught:
        CliRunner().invoke(app, words.split(), catch_exceptions=False)
    for part in told:
        assert part in str(caught.value)
    assert sorted(tmp_path.rglob("*")) == before
