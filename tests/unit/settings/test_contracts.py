"""Which contracts there are, whether their terms are the printed ones, and what a decision may say."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError
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
from dudley_sd.settings.portfolios import DECISION_LEVERS, Portfolio

CHECKOUT = Path(__file__).parents[3]
INPUTS = CHECKOUT / "inputs"
CONTRACTS = (
    "as_now",
    "bedfordshire_msk",
    "dudley_mcp",
    "dudley_mcp_partial",
    "dudley_mcp_virtual",
    "milton_keynes",
    "modality",
    "nuka",
    "pacs",
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
    assert found.status == "illustrative" or any(term.source for term in found.terms.values())
    for term in found.terms.values():
        assert sources_of(term.source) <= listed
        own = ("assum", "stress test", "compare", "The form itself", "What the outcome share leaves")
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
                "contract price": 0.82,
            },
        ),
    ],
)
def test_terms_are_the_printed_ones(name, terms):
    settings = contract_settings(read_contract(name, INPUTS))
    assert {key: settings[key] for key in terms} == terms


def test_uniting_care_is_priced_as_it_turned_out():
    """Lewisham CCG 2016, Case Study 1: £726m bid, £752m ceiling; £34m more asked for in the first month.

    Of a price of 1, 1.21 was asked for: the price is 1 / 1.21 of cost.
    """
    found = read_contract("uniting_care", INPUTS)
    story = " ".join(found.story.split())
    bid, ceiling, years = 726, 752, 5
    assert found.terms["contract price"].value == pytest.approx(1 / 1.21, abs=0.01)
    assert f"{1 - bid / ceiling:.1%} less" in story
    assert f"£{bid / years:.1f}m a year" in story


def test_dudleys_own_contract_says_that_it_never_began():
    assert "stopped in 2021 before it began" in read_contract("dudley_mcp", INPUTS).story


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
    assert set(full) - set(partial) == {"share in contract[PracticePart]"}
    assert virtual["share in contract"] == 0
    assert "outcome share" not in virtual
    for term in ("contract length", "gain share", "loss share"):
        assert full[term] == partial[term] == virtual[term]


@pytest.mark.usefixtures("shared_folder")
def test_the_sums_of_2018_are_as_large_as_printed():
    """What its services cost in 2018, had it run then; the shares in scope are read so that it fits.

    Health and Wellbeing Board, June 2017, section 3: £235m to £275m, with services that the model does not
    tell apart. Lewisham CCG, Case Study 3: 7% of the commissioner's budget.
    """
    dudley, bedfordshire = (
        dudley_sd.run(
            ["official_future"], portfolio="none", contract=name, levers={"contract start date": 2018}
        ).sel(year=2018)
        for name in ("dudley_mcp", "bedfordshire_msk")
    )
    assert 235 <= dudley["contract_sum"].item() <= 275
    assert 0.065 <= (bedfordshire["contract_sum"] / bedfordshire["commissioner_funding"]).item() <= 0.08


@pytest.mark.usefixtures("shared_folder")
def test_dudleys_contract_runs_to_the_end_of_the_horizon():
    """Fifteen years from October 2018 end after mid-2033: the last year shown is one of the contract."""
    results = dudley_sd.run(["official_future"], portfolio="none", contract="dudley_mcp")
    period = results["contract_period"].sel(scenario="official_future", year=slice(2018, None))
    assert period.to_numpy().tolist() == [0] + 15 * [1]


def test_a_term_is_a_number_or_numbers_by_element():
    found = contract(
        share_in_contract={"value": {"ElectivePart": 0.2, "AandEPart": 1}, "reason": "R"},
        contract_length={"value": 10, "reason": "R", "source": "s", "locator": "page 1"},
    )
    assert contract_settings(found) == {
        "share in contract[ElectivePart]": 0.2,
        "share in contract[AandEPart]": 1,
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
            {"share in contract[AandEPart]": {"value": {"AandEPart": 1}, "reason": "R"}},
            "names an element and its value names elements too",
        ),
        (
            {
                "share in contract[AandEPart]": {"value": 1, "reason": "R"},
                "Share_in_contract": {"value": {"AandEPart": 1}, "reason": "R"},
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


def test_a_portfolio_decides_on_spread_posts_and_beds_only():
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
