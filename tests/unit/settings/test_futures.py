"""Which futures and portfolios there are, and whether their levels are the published ones."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest
from sdcompile.errors import InputError

import dudley_sd
from dudley_sd.commands.solve import SUPPLY, wanted_vacancy, write_scenario
from dudley_sd.settings.futures import read_scenario, read_uncertainties, scenario_names, scenario_settings
from dudley_sd.settings.portfolios import portfolio_names, portfolio_settings, read_portfolio

CHECKOUT = Path(__file__).parents[3]
INPUTS = CHECKOUT / "inputs"
LEVELS = CHECKOUT.parent / "shared" / "data" / "scenario_levels.csv"
"""The pack's transcription of Figure 13, which lies beside the checkout and not in it."""

FUTURES = ("official_future", "community_resilience", "corporate_rules", "state_supreme")
IN_THE_PACK = {
    "1 Responsibility for Health": "responsibility_for_health",
    "2 Control of Care": "control_of_care",
    "3 Size of the State": "size_of_the_state",
    "4 Health of the Economy": "health_of_the_economy",
    "5 Take Up of Technology": "take_up_of_technology",
    "6 Supply of Workforce": "supply_of_workforce",
}
LEVEL_IN_THE_PACK = {
    "Individual prevention/management": "individual",
    "Shared responsibility": "shared",
    "Place-based": "place",
    "National": "national",
    "USA level (c.35% GDP)": "usa",
    "EU level (c.45% GDP)": "eu",
    "Emerging economy level (c.25% GDP)": "emerging_economy",
    "Average (2% real GDP)": "average",
    "Weak (0% real GDP)": "weak",
    "Moderate": "moderate",
    "High": "high",
    "Low": "low",
    "Moderate (10% vacancy)": "moderate",
    "High (5% vacancy)": "high",
    "Low (15% vacancy)": "low",
    'Low (15% vacancy; printed "1.5%")': "low",
}


def test_the_do_nothing_comes_first_and_the_reference_is_not_a_future():
    assert tuple(scenario_names(INPUTS)) == FUTURES
    assert {"as_evidenced", "none"} <= set(portfolio_names(INPUTS))


def test_levels_are_those_of_the_published_figure():
    if not LEVELS.is_file():
        pytest.skip(f"{LEVELS} is not there: the pack lies beside the checkout of the project only")
    with LEVELS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 24
    for row in rows:
        scenario = read_scenario(row["scenario"].lower().replace(" ", "_"), INPUTS)
        level = scenario.levels[IN_THE_PACK[row["key_uncertainty"]]].level
        assert level == LEVEL_IN_THE_PACK[row["level"]], (row["scenario"], row["key_uncertainty"])


def test_community_resilience_says_that_it_is_reconstructed():
    """Figure 13 lacks its column: the file says so at the top, in its note and at each level."""
    scenario = read_scenario("community_resilience", INPUTS)
    assert scenario.status == "reconstructed"
    assert "missing" in scenario.note
    assert "Figure 13" in scenario.note
    assert all(choice.basis.startswith("Reconstruction") for choice in scenario.levels.values())


def test_columns_without_their_header_are_attributed():
    """Figure 13 prints four names over three columns: only the first surely stands under its own."""
    status = {name: read_scenario(name, INPUTS).status for name in FUTURES}
    assert status["official_future"] == "published"
    assert status["state_supreme"] == status["corporate_rules"] == "attributed"


@pytest.mark.parametrize(
    ("name", "state", "growth"),
    [
        ("official_future", 0.35, 0.02),
        ("state_supreme", 0.45, 0.0),
        ("community_resilience", 0.25, 0.0),
        ("corporate_rules", 0.35, 0.02),
    ],
)
def test_state_and_growth_are_the_numbers_of_figure_12(name, state, growth):
    """Strategy Unit (2018), Figure 12, rows 3 and 4: 25, 35, 45 per cent of GDP; 0, 2, 4 per cent a year."""
    settings = scenario_settings(read_scenario(name, INPUTS), INPUTS)
    assert settings["state share of GDP in 2033"] == state
    assert settings["GDP growth"] == growth


def test_every_future_sets_the_same_constants():
    settings = [set(scenario_settings(read_scenario(name, INPUTS), INPUTS)) for name in FUTURES]
    assert all(each - {"neighbours step in"} == settings[0] for each in settings)
    assert len(settings[0]) == 9
    assert "external supply of staff in 2033" in settings[0]


def test_another_reading_of_a_future_is_run_when_it_is_named():
    assert scenario_names(INPUTS, readings=True) == [
        FUTURES[0],
        FUTURES[1],
        f"{FUTURES[1]}_funded",
        *FUTURES[2:],
    ]
    scenario = read_scenario("community_resilience_funded", INPUTS)
    assert scenario.reading_of == FUTURES[1]
    settings = scenario_settings(scenario, INPUTS)
    assert (settings["state share of GDP in 2033"], settings["GDP growth"]) == (0.33, 0.02)
    assert settings["neighbours step in"] == 1
    assert "warning" in read_scenario(FUTURES[1], INPUTS).note


@pytest.mark.usefixtures("shared_folder")
def test_doing_nothing_ends_at_the_vacancy_that_each_future_is_solved_for():
    """Strategy Unit (2018), Figure 12, row 6: 15, 10 and 5 per cent; tolerance half a percentage point."""
    names = scenario_names(INPUTS, readings=True)
    vacancy = dudley_sd.run(names, portfolio="none")["overall_vacancy_rate"].sel(year=2033)
    wanted = [wanted_vacancy(name, INPUTS) for name in names]
    assert wanted == [0.10, 0.15, 0.15, 0.15, 0.05]
    assert vacancy.to_numpy() == pytest.approx(wanted, abs=0.005)


def test_the_file_of_a_future_takes_its_solved_supply(tmp_path):
    path = tmp_path / "future.toml"
    path.write_text(f'[own."{SUPPLY}"]\nvalue = 1.2\nreason = "R"\n', encoding="utf-8")
    write_scenario(path, 0.75)
    assert path.read_text(encoding="utf-8") == f'[own."{SUPPLY}"]\nvalue = 0.75\nreason = "R"\n'
    path.write_text("title = 3\n", encoding="utf-8")
    with pytest.raises(InputError, match="is there 0 times"):
        write_scenario(path, 0.75)


def test_the_reference_cuts_change_feedback_and_growth_and_nothing_else():
    reference = read_scenario("reference", INPUTS)
    assert reference.levels == {}
    growth = ("practice demand", "A and E demand", "overnight need", "referrals", "community need")
    wanted = ["scenario change", "feedback into population", *(f"growth of {what}" for what in growth)]
    assert scenario_settings(reference, INPUTS) == dict.fromkeys([*wanted, "growth of mental health need"], 0)


def test_there_are_six_uncertainties_and_each_level_has_a_reason():
    uncertainties = read_uncertainties(INPUTS)
    assert list(uncertainties) == list(IN_THE_PACK.values())
    assert all(len(uncertainty.levels) == 3 for uncertainty in uncertainties.values())
    assert all(level.reason for each in uncertainties.values() for level in each.levels.values())


def test_portfolios_set_coverage_and_start_by_element():
    assert portfolio_settings(read_portfolio("none", INPUTS)) == {}
    portfolio = read_portfolio("as_evidenced", INPUTS)
    settings = portfolio_settings(portfolio)
    wanted = {f"{what}[{name}]" for what in ("coverage", "start date") for name in portfolio.interventions}
    assert set(settings) == wanted
    assert settings["coverage[MDT]"] == portfolio.interventions["MDT"].coverage


@pytest.mark.parametrize(
    ("read", "name", "near"),
    [(read_scenario, "official_futur", "official_future"), (read_portfolio, "as_evidence", "as_evidenced")],
)
def test_an_unknown_name_suggests_the_nearest_first(read, name, near):
    with pytest.raises(InputError) as raised:
        read(name, INPUTS)
    assert repr(name) in str(raised.value)
    assert f"Choose one of: {near}" in str(raised.value)


def test_all_faults_of_a_scenario_come_at_once(tmp_path):
    shutil.copytree(INPUTS, tmp_path / "inputs")
    path = tmp_path / "inputs" / "scenarios" / "official_future.toml"
    text = path.read_text(encoding="utf-8")
    text = text.replace('title = "Official Future"\n', "").replace('"published"', '"printed"')
    path.write_text(text.replace('level = "place"', "level = 3"), encoding="utf-8")
    with pytest.raises(InputError) as raised:
        read_scenario("official_future", tmp_path / "inputs")
    where = {fault.where for fault in raised.value.faults}
    assert where == {"title", "status", "levels.control_of_care.level"}
    assert all(fault.file == str(path) for fault in raised.value.faults)


def test_all_faulty_levels_of_a_scenario_come_at_once(tmp_path):
    shutil.copytree(INPUTS, tmp_path / "inputs")
    path = tmp_path / "inputs" / "scenarios" / "state_supreme.toml"
    text = path.read_text(encoding="utf-8").replace('"national"', '"local"').replace("supply_of", "lack_of")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as raised:
        read_scenario("state_supreme", tmp_path / "inputs")
    problems = {fault.where: fault.problem for fault in raised.value.faults}
    assert problems == {
        "levels.control_of_care": "there is no level 'local'",
        "levels.lack_of_workforce": "there is no such uncertainty",
        "levels.supply_of_workforce": "has no level",
    }
