"""The repository is sound; each faulty copy of it has one fault, and its message says what to do."""

from __future__ import annotations

import csv
import re
import shutil
import tomllib
from pathlib import Path

import pytest
from sampling import sampled
from sdcompile.errors import Fault

from dudley_sd.checks.report import all_faults

CHECKOUT = Path(__file__).parents[3]
FAULTY = Path(__file__).parent / "faulty"
PATCHES = sorted(path.stem for path in (FAULTY / "patches").glob("*.toml"))

TOGETHER = (
    "age_gap age_overlap bad_syntax central_outside duplicate_row footprint_id reach_without_effect "
    "same_use_twice uncited_source unlisted_source bare_element",
    "effect_over_one level_incomplete level_unit last_year",
    "lever_out_of_range missing_cell no_row rate_unit unknown_intervention missing_sentence",
    "negative_count no_row_for_element official_future_differs missing_unit",
    "never_asked two_uncertainties stale_table start_cell",
    "no_source thousands_as_persons unknown_lever units_do_not_balance",
    "not_a_constant total_mismatch value_differs",
    "not_in_model table_never_made",
    "outside_lever wrong_column",
    "same_constant_twice",
    "unit_differs",
    "unknown_source lost_equation",
    "whole_array",
    "own_number_incomplete",
    "no_words",
    "new_intervention",
)
"""Cases by copies: no two of a copy break the same file, and none of them keeps another from being seen."""

FULL_FILES = {
    "scenarios/unknown_key": ("colour", "Extra inputs are not permitted, found 'green'", "Correct the key"),
    "scenarios/unknown_level": (
        "levels.control_of_care",
        "there is no level 'galactic'",
        "Choose one of: place, sub_regional, national",
    ),
    "scenarios/no_level": ("levels.take_up_of_technology", "has no level", "low, moderate, high"),
    "scenarios/sets_directly": ("sets", "sets constants of the model directly", "Let the levels"),
    "scenarios/bad_syntax": ("", "not TOML: Illegal character '\\n' (at line 2", "Correct the syntax"),
    "portfolios/coverage_of_120": ("coverage[MDT]", "120 is outside", "Give a share, not a per cent"),
    "portfolios/start_too_late": ("start date[VirtualWard]", "2060 Year is outside", "in the range 2018 to"),
    "portfolios/unknown_intervention": (
        "[VirtualWards]",
        "has no element 'VirtualWards'",
        "Did you mean VirtualWard",
    ),
    "portfolios/no_reason": ("interventions.Prevention.reason", "is missing", "Add it"),
    "portfolios/decides_the_contract": (
        "top level",
        "a portfolio does not set 'contract length'",
        "Correct the key",
    ),
    "portfolios/closed_by_17": ("share of released posts closed", "17 is outside the range 0 to", "per cent"),
    "portfolios/unlisted_source": (
        "decisions.share of released posts closed, key source",
        "source 'hearsay_2017' is not in sources.csv",
        "Add the publication",
    ),
    "contracts/unknown_term": (
        "top level",
        "a contract does not set 'contract lenght'; is contract length",
        "Correct the key",
    ),
    "contracts/sets_the_world": ("top level", "a contract does not set 'GDP growth'", "Correct the key"),
    "contracts/unknown_service": (
        "terms.share in contract[ElectiveParts]",
        "has no element 'ElectiveParts'",
        "Did you mean ElectivePart",
    ),
    "contracts/outcomes_of_10": ("terms.outcome share", "10 is outside the range 0 to", "per cent"),
    "contracts/unknown_source": (
        "terms.contract length, key source",
        "source 'hearsay_2017' is not in sources.csv",
        "Add the publication",
    ),
    "contracts/no_place": ("terms.contract length", "give both or neither", "Correct the key"),
    "contracts/no_terms": ("top level", "as_now says that there are no terms", "Correct the key"),
    "contracts/decided_twice": (
        "terms",
        "'share in contract[ElectivePart]' is decided twice",
        "Correct the key",
    ),
}
TWO_LEVERS = "portfolios/unknown_intervention"
"""An intervention has a coverage and a start date: two levers that there are not."""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Copy inputs to where a test may break them; `with_models` adds the models, which are slow to read."""
    shutil.copytree(CHECKOUT / "inputs", tmp_path / "inputs")
    return tmp_path


def with_models(folder: Path) -> Path:
    """Copy the models beside the inputs, for tests that break them."""
    shutil.copytree(CHECKOUT / "models", folder / "models")
    return folder


def faults_of(folder: Path) -> list[Fault]:
    models = folder / "models"
    return all_faults(folder / "inputs", models if models.exists() else CHECKOUT / "models")


def test_the_repository_is_sound():
    assert [str(fault) for fault in faults_of(CHECKOUT)] == []


def test_every_case_is_in_one_copy():
    assert sorted(name for names in TOGETHER for name in names.split()) == PATCHES


@pytest.mark.parametrize("names", sampled(TOGETHER, 4))
def test_each_fault_of_a_faulty_copy_is_reported_once(copy, names):
    """Of a sample of the copies; ``--whole`` looks at all."""
    cases = [
        tomllib.loads((FAULTY / "patches" / f"{name}.toml").read_text(encoding="utf-8"))
        for name in names.split()
    ]
    assert len({case["file"] for case in cases}) == len(cases)
    if any(case["file"].startswith("models/") for case in cases):
        with_models(copy)
    for case in cases:
        patch(copy / case["file"], case)
    faults = faults_of(copy)
    assert [case["says"] for case in cases if not says(faults, case["says"])] == []
    assert len(faults) == sum(case.get("faults", 1) for case in cases), [str(fault) for fault in faults]


@pytest.fixture(scope="module")
def faulty_folder(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Fault]]:
    """All the faulty scenarios, portfolios and contracts at once beside the sound ones, and what is found."""
    folder = tmp_path_factory.mktemp("faulty")
    shutil.copytree(CHECKOUT / "inputs", folder / "inputs")
    for name in FULL_FILES:
        shutil.copy(FAULTY / f"{name}.toml", folder / "inputs" / f"{name}.toml")
    return folder, faults_of(folder)


@pytest.mark.parametrize("name", FULL_FILES)
def test_a_faulty_scenario_portfolio_or_contract_is_reported_once(faulty_folder, name):
    folder, found = faulty_folder
    faults = [fault for fault in found if fault.file == str(folder / "inputs" / f"{name}.toml")]
    assert len(faults) == (2 if name == TWO_LEVERS else 1), [str(fault) for fault in faults]
    where, problem, remedy = FULL_FILES[name]
    assert where in faults[0].where
    assert problem in faults[0].problem
    assert remedy in faults[0].remedy


def test_faulty_files_make_no_fault_elsewhere(faulty_folder):
    folder, found = faulty_folder
    assert {Path(fault.file).relative_to(folder / "inputs").as_posix() for fault in found} == {
        f"{name}.toml" for name in FULL_FILES
    }


def test_a_bad_file_hides_the_faults_of_no_other(copy):
    """Broken here are also the files that others lean on: sources, effects, uncertainties, the model."""
    together = (
        "bad_syntax",
        "lost_equation",
        "negative_count",
        "no_source",
        "rate_unit",
        "unknown_intervention",
    )
    cases = [tomllib.loads((FAULTY / "patches" / f"{name}.toml").read_text()) for name in together]
    with_models(copy)
    for case in cases:
        patch(copy / case["file"], case)
    sources = copy / "inputs" / "sources.csv"
    sources.write_text(sources.read_text(encoding="utf-8").replace("title,", "heading,", 1), encoding="utf-8")
    reach = copy / "inputs" / "reach.csv"
    reach.write_text(reach.read_text(encoding="utf-8").replace(",65,120,", ",65,lots,", 1), encoding="utf-8")
    shutil.copy(FAULTY / "portfolios" / "no_reason.toml", copy / "inputs" / "portfolios")
    faults = faults_of(copy)
    for case in cases:
        assert says(faults, case["says"]), case
    assert says(faults, ["sources.csv, row 1", "column title is missing"])
    assert says(faults, ["reach.csv, row 2, column age_to", "'lots' is not a whole number"])
    assert says(faults, ["no_reason.toml", "reason: is missing"])
    assert len(faults) == len(set(faults))


def test_mistakes_in_four_files_come_at_once(copy):
    """A fault in the table of interventions keeps none of those from being seen that lean on it."""
    inputs = copy / "inputs"
    for name, search, replace in (
        ("effects.csv", "MDT,EmergencyAdmission,", "MDT,EmergencyAdmision,"),
        ("effects.csv", "MDT,EmergencyBedDay,0,0.0864,", "MDT,EmergencyBedDay,0,30%,"),
        ("reach.csv", "Dmnl,assumption,", "Dmnl,Assumption,"),
        ("reach.csv", ",65,120,0.2,0.35,0.5,", ",65,,0.2,0.35,0.5,"),
        ("interventions.csv", ",0.1,0.3,0.5,assumption,", ",0.9,0.3,0.5,assumption,"),
        ("interventions.csv", "CareHomeSupport,", "Care home support,"),
        ("portfolios/as_evidenced.toml", "coverage = 0.8", "coverage = 50"),
        ("portfolios/as_evidenced.toml", "reason =", "raeson ="),
    ):
        patch(inputs / name, {"search": search, "replace": replace})
    path = inputs / "interventions.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    cost = {"low": "1", "central": "2", "high": "5000000000", "status": "assumption", "note": "Made up"}
    rows[0] |= {f"cost_at_full_coverage.{key}": value for key, value in cost.items()}
    rows[3]["share_people_take_up_themselves.status"] = "my guess"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    faults = faults_of(copy)
    expected = [
        ["effects.csv, row 2, column service", "'EmergencyAdmision' is not known"],
        ["effects.csv, row 3, column central", "'30%' is not a number"],
        ["reach.csv, row 2, column status", "'Assumption' is not known; known are published, derived"],
        ["reach.csv, row 3, column age_to", "empty where a whole number belongs"],
        [
            "interventions.csv, row 3, share_people_take_up_themselves",
            "low 0.9, central 0.3, high 0.5 are out",
        ],
        ["interventions.csv, row 4, column intervention", "'Care home support' is not one word"],
        ["row 5, column share_people_take_up_themselves.status", "known are published, derived"],
        [
            "interventions.csv, row 2",
            "column cost_at_full_coverage.high",
            "5000000000.0 is outside",
        ],
        ["as_evidenced.toml", "interventions.MDT.raeson"],
        ["as_evidenced.toml", "coverage[MDT]", "50 is outside the range 0 to 1"],
    ]
    assert [words for words in expected if not says(faults, words)] == []
    assert not says(faults, ["no portfolio names the intervention MDT"])


@pytest.mark.parametrize("broken", ["[interventions", "coverage = 1\n"])
def test_a_faulty_portfolio_makes_no_intervention_unused(copy, broken):
    path = copy / "inputs" / "portfolios" / "as_evidenced.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("title =", f"{broken}\ntitle =", 1))
    faults = faults_of(copy)
    assert [fault for fault in faults if fault.file != str(path)] == []
    assert len(faults) == 1


def test_a_missing_file_is_named(copy):
    with_models(copy)
    (copy / "inputs" / "activity" / "relative_use.csv").unlink()
    (copy / "models" / "data" / "age.csv").unlink()
    faults = faults_of(copy)
    assert says(faults, ["relative_use.csv", "the file does not exist", "Check the path"])
    shutil.copy(CHECKOUT / "inputs/activity/relative_use.csv", copy / "inputs/activity")
    faults = faults_of(copy)
    assert len(faults) == 1
    assert says(faults, ["age.csv", "the file does not exist", "Run `dudley-sd prepare`"])


def test_a_file_that_nothing_reads_is_named(copy):
    with_models(copy)
    (copy / "inputs" / "ons" / "notes.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (copy / "models" / "data" / "reach_Magic.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    faults = faults_of(copy)
    assert len(faults) == 2
    assert says(faults, ["notes.csv", "nothing reads this file", "give it a reader"])
    assert says(faults, ["reach_Magic.csv", "nothing makes this file", "Delete it"])


def patch(path: Path, case: dict[str, object]) -> None:
    text = path.read_text(encoding="utf-8")
    changed, count = re.subn(
        str(case["search"]), str(case["replace"]), text, count=0 if case.get("every") else 1
    )
    assert count, f"{path.name} no longer holds what the case looks for"
    path.write_text(changed, encoding="utf-8")


def says(faults: list[Fault], words: list[str]) -> bool:
    """Whether one fault has all the words."""
    return any(all(word in str(fault) for word in words) for fault in faults)
