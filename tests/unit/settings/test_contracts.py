"""Which contracts there are, whether their terms are the printed ones, and what a decision may say."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError
from scipy.stats import erlang
from sdcompile.errors import InputError

import dudley_sd
from dudley_sd.inputs.parameters import read_source_ids, sources_of
from dudley_sd.settings.contracts import (
    CONTRACT_LEVERS,
    Contract,
    contract_names,
    contract_settings,
    read_contract,
)
from dudley_sd.settings.portfolios import DECISION_LEVERS, Portfolio, portfolio_settings, read_portfolio

CHECKOUT = Path(__file__).parents[3]
INPUTS = CHECKOUT / "inputs"
CONTRACTS = (
    "as_now",
    "bedfordshire_msk",
    "dudley_mcp",
    "dudley_mcp_partial",
    "dudley_mcp_virtual",
    "milton_keynes",
    "nuka",
    "uniting_care",
)


def contract(**terms: object) -> Contract:
    """Return a contract with terms; a blank of a lever's name is written as ``_``."""
    named = {name.replace("_", " "): term for name, term in terms.items()}
    return Contract(title="T", status="illustrative", story="S", note="", terms=named)


def test_as_now_comes_first_and_sets_nothing():
    assert tuple(contract_names(INPUTS)) == CONTRACTS
    assert contract_settings(read_contract("as_now", INPUTS)) == {}


@pytest.mark.parametrize("name", CONTRACTS[1:])
def test_every_term_says_why_and_cites_what_is_listed(name):
    found = read_contract(name, INPUTS)
    listed = read_source_ids(INPUTS / "sources.csv")
    assert found.note
    assert any(term.source for term in found.terms.values())
    for term in found.terms.values():
        assert sources_of(term.source) <= listed
        own = ("assum", "stress test", "compare")
        assert term.source or any(word in term.reason for word in own), term.reason


@pytest.mark.parametrize(
    ("name", "terms"),
    [
        # Dudley Health and Wellbeing Board, 28 June 2017: 15 years; Strategy Unit 2018, 3.2.4: up to 10%
        ("dudley_mcp", {"contract length": 15, "outcome share": 0.1, "contract integration": 1}),
        # Lewisham CCG 2016, Case Study 3
        (
            "bedfordshire_msk",
            {
                "contract length": 5,
                "share paid up front": 0.95,
                "management allowance": 0.025,
                "surplus kept first": 0.05,
                "surplus kept beyond": 0.5,
            },
        ),
        # Lewisham CCG 2016, Case Study 1
        (
            "uniting_care",
            {
                "contract length": 5,
                "saving assumed by contract": 0.1,
                "outcome share": 0.15,
                "contract price": 0.965,
            },
        ),
    ],
)
def test_terms_are_the_printed_ones(name, terms):
    settings = contract_settings(read_contract(name, INPUTS))
    assert {key: settings[key] for key in terms} == terms


def test_arithmetic_in_the_story_of_uniting_care():
    """Lewisham CCG 2016, Case Study 1: £726m bid, £752m ceiling, about £160m in the first year, £34m more."""
    found = read_contract("uniting_care", INPUTS)
    story = " ".join(found.story.split())
    bid, ceiling, asked_for, first_year, years, saving = 726, 752, 34, 160, 5, 0.10
    assert found.terms["contract price"].value == pytest.approx(bid / ceiling, abs=0.0005)
    assert f"{1 - bid / ceiling:.1%} less" in story
    assert f"£{bid / years:.1f}m a year" in story
    assert bid + asked_for == round(years * first_year * (1 - saving / 2))
    assert f"come to £{bid + asked_for}m" in story


def test_uniting_care_covers_people_of_65_and_over():
    settings = contract_settings(read_contract("uniting_care", INPUTS))
    left_out = {name for name in settings if name.startswith("covered by contract")}
    assert left_out == {f"covered by contract[A{age}]" for age in range(0, 65, 5)}
    assert {settings[name] for name in left_out} == {0}


def test_the_three_forms_differ_in_integration_and_general_practice():
    """NHS England PB.28.07.2016/04, paragraph 14: in the partial form practices keep their own contract."""
    full, partial, virtual = (
        contract_settings(read_contract(f"dudley_mcp{form}", INPUTS)) for form in ("", "_partial", "_virtual")
    )
    integration = [form["contract integration"] for form in (virtual, partial, full)]
    assert integration == [0.33, 0.67, 1]
    assert set(full) - set(partial) == {
        "share in contract[PracticeRoutine]",
        "share in contract[PracticeSameDay]",
    }
    assert virtual["share in contract"] == 0
    assert "outcome share" not in virtual
    for term in ("contract length", "gain share", "loss share"):
        assert full[term] == partial[term] == virtual[term]


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("dudley_mcp", 235e6, 275e6),  # Health and Wellbeing Board, June 2017, section 3
        (
            "bedfordshire_msk",
            0.065 * 449.5e6,
            0.075 * 449.5e6,
        ),  # Case Study 3: 7% of the budget
    ],
)
@pytest.mark.usefixtures("shared_folder")
def test_the_sum_of_2018_is_as_large_as_printed(name, low, high):
    """What its services cost in 2018, had it run then; the shares in scope are read so that it fits."""
    results = dudley_sd.run(
        ["official_future"], portfolio="none", contract=name, levers={"contract start date": 2018}
    )
    assert low <= results["contract_sum"].sel(year=2018).item() <= high


@pytest.mark.usefixtures("shared_folder")
def test_dudleys_contract_runs_to_the_end_of_the_horizon():
    """Fifteen years from October 2018 end after mid-2033: the last year shown is one of the contract."""
    results = dudley_sd.run(["official_future"], portfolio="none", contract="dudley_mcp")
    assert results["contract_in_force"].sel(scenario="official_future").to_numpy().tolist() == [0] + 15 * [1]


def test_plans_claim_what_the_nuffield_trust_counted():
    """Nuffield Trust 2017, by 2020/21: outpatients -15.5, elective -9.6, A&E -17, non-elective -15.7%."""
    settings = portfolio_settings(read_portfolio("as_planned", INPUTS))
    assert settings["claimed effect[OutpatientFirst]"] == 0.155
    assert settings["claimed effect[Elective]"] == 0.096
    assert settings["claimed effect[AandE]"] == 0.17
    assert settings["claimed effect[EmergencyAdmission]"] == 0.157


@pytest.mark.parametrize(
    ("name", "year", "least", "most"),
    [
        ("as_planned", 2020.75, 0.9, 1),  # the end of 2020/21
        ("nuka_ambition", 2023, 0, 0.1),
        ("nuka_ambition", 2033, 0.85, 0.9),
    ],
)
def test_claims_come_when_their_story_says(name, year, least, most):
    """A claim comes in six stages, so an Erlang distribution says how much of it is there."""
    settings = portfolio_settings(read_portfolio(name, INPUTS))
    since = year - settings["claim start date"]
    assert least < erlang.cdf(since, 6, scale=settings["claim delay"] / 6) < most


def test_a_term_is_a_number_or_numbers_by_element():
    found = contract(
        share_in_contract={"value": {"Elective": 0.2, "AandE": 1}, "reason": "R"},
        contract_length={"value": 10, "reason": "R", "source": "s", "locator": "page 1"},
    )
    assert contract_settings(found) == {
        "share in contract[Elective]": 0.2,
        "share in contract[AandE]": 1,
        "contract length": 10,
    }


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        ({"contract_length": {"value": 10}}, "reason\n  Field required"),
        ({"contract_length": {"value": 10, "reason": "R", "source": "s"}}, "give both or neither"),
        ({"contract_length": {"value": 10, "reason": "R", "locator": "page 1"}}, "give both or neither"),
        ({"contract_length": {"value": "long", "reason": "R"}}, "should be a valid number"),
        ({"GDP growth": {"value": 0.03, "reason": "R"}}, "a contract does not set 'GDP growth'"),
        ({"contract lenght": {"value": 3, "reason": "R"}}, "is contract length"),
        ({"coverage[MDT]": {"value": 1, "reason": "R"}}, "a contract does not set 'coverage[MDT]'"),
        (
            {"share in contract[AandE]": {"value": {"AandE": 1}, "reason": "R"}},
            "names an element and its value names elements too",
        ),
        (
            {
                "share in contract[AandE]": {"value": 1, "reason": "R"},
                "Share_in_contract": {"value": {"AandE": 1}, "reason": "R"},
            },
            "is decided twice",
        ),
        ({}, "the status as_now says that there are no terms"),
    ],
)
def test_a_faulty_term_is_refused(terms, words):
    with pytest.raises(ValidationError) as raised:
        contract(**terms)
    assert words in str(raised.value)
    assert raised.value.error_count() == 1


def test_a_portfolio_decides_on_claims_and_beds_only():
    decisions = {"contract length": {"value": 10, "reason": "R"}}
    with pytest.raises(ValidationError, match="a portfolio does not set 'contract length'"):
        Portfolio(title="T", story="S", decisions=decisions)
    assert not set(CONTRACT_LEVERS) & set(DECISION_LEVERS)


def test_an_unknown_contract_suggests_the_nearest_first():
    with pytest.raises(InputError, match="Choose one of: uniting_care"):
        read_contract("unitng care", INPUTS)


def test_a_contract_that_is_only_written_otherwise_is_named():
    with pytest.raises(InputError, match="Write it so: uniting_care"):
        read_contract("unitingcare", INPUTS)
