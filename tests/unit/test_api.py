"""Does the Python call say in its result what was decided?"""

from __future__ import annotations

import json

import pytest
import xarray as xr
from sdcompile.errors import InputError

import dudley_sd
from dudley_sd.api import compare
from dudley_sd.results.do_nothing import fitting, is_do_nothing, run_name


@pytest.mark.usefixtures("shared_folder")
def test_a_result_knows_its_contract_and_every_term():
    results = dudley_sd.run(["official_future"], portfolio="none", contract="bedfordshire_msk")

    assert results.attrs["contract"] == "bedfordshire_msk"
    assert results.attrs["contract_title"] == "Bedfordshire MSK"
    assert not is_do_nothing(results)
    assert run_name(results) == "with the contract"
    manifest = json.loads(results.attrs["manifest"])
    assert manifest["contract"] == "bedfordshire_msk"
    assert manifest["decisions"]["portfolio"] == {}
    term = manifest["decisions"]["contract"]["surplus kept first"]
    assert term["value"] == 0.05
    assert term["source"] == "lewisham_2016"
    assert "read as 5% of the contract value" in term["reason"]


@pytest.mark.usefixtures("shared_folder")
def test_the_do_nothing_has_portfolio_none_and_contract_as_now():
    without = dudley_sd.run(["official_future"], portfolio="none")
    planned = dudley_sd.run(["official_future"], contract="nuka")

    assert is_do_nothing(without)
    assert run_name(planned) == "with portfolio and contract"
    assert fitting(planned, without) is not None
    with pytest.raises(InputError, match=r"has a contract \(nuka\)"):
        fitting(planned, dudley_sd.run(["official_future"], portfolio="none", contract="nuka"))


def test_an_unknown_contract_is_refused():
    with pytest.raises(InputError, match="Choose one of: milton_keynes"):
        dudley_sd.run(["official_future"], contract="milton_keyns")


def test_do_nothing_of_a_comparison_has_no_lever_that_is_a_decision():
    decision, outside = {"coverage[MDT]": 0.2}, {"GDP growth": 0.01}
    found = compare(["official_future"], portfolios=["none", "as_evidenced"], levers=decision | outside)
    gaps = found.table.query("indicator == 'gp_gap' and year == 2033").set_index("portfolio")
    nothing = dudley_sd.run(["official_future"], portfolio="none", levers=outside)["gp_gap"]
    assert gaps.loc["none", "value"] == nothing.sel(year=2033).item()
    run = dudley_sd.run(["official_future"], levers=decision | outside)["gp_gap"]
    assert gaps.loc["as_evidenced", "value"] == run.sel(year=2033).item()
    with pytest.raises(InputError, match="is a decision"):
        compare(["official_future"], portfolios=["none"], levers=decision)


def test_a_plain_text_is_one_scenario():
    one, several = (
        dudley_sd.run(each, portfolio="none", outputs=["gp_gap"])
        for each in ("official_future", ["official_future"])
    )
    assert one["gp_gap"].identical(several["gp_gap"])


def test_a_request_is_run_like_its_keywords():
    request = dudley_sd.Request("state_supreme", "none", settings={"GDP growth": 0.02})
    expected = dudley_sd.run(["state_supreme"], portfolio="none", levers={"GDP growth": 0.02})
    xr.testing.assert_identical(dudley_sd.run(request), expected)
    with pytest.raises(InputError, match="beside a request"):
        dudley_sd.run(request, portfolio="none")


def test_what_is_kept_is_not_what_a_caller_changes():
    first = dudley_sd.run(["official_future"])
    value = float(first["gp_gap"][0, -1])
    first["gp_gap"][:] = 0
    assert float(dudley_sd.run(["official_future"])["gp_gap"][0, -1]) == value != 0
