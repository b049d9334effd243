"""A request that is written down is read back as the same request, wherever it is written."""

from __future__ import annotations

import json
import shlex

import typer
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from sampling import examples

from dudley_sd.cli import app
from dudley_sd.commands.options import Options, options_of
from dudley_sd.folders import inputs_folder
from dudley_sd.inputs.projection_choice import projection_choice
from dudley_sd.request import Request, model_levers
from dudley_sd.saved_plan import SavedPlan, parse_plan
from dudley_sd.settings.contracts import contract_names
from dudley_sd.settings.futures import scenario_names
from dudley_sd.settings.portfolios import portfolio_names

INPUTS = inputs_folder()
AREAS = ("dudley", "walsall", "black_country", "NHS Dudley CCG")


def some(names: list[str] | tuple[str, ...]) -> st.SearchStrategy[list[str]]:
    """One or several of what there is, each once."""
    return st.lists(st.sampled_from(names), min_size=1, max_size=4, unique=True)


@st.composite
def requests(draw: st.DrawFn, one: bool = False) -> Request:
    """Any request; ``one``: of one future and area, as a page has it."""
    chosen = {}
    known = model_levers()
    for name in draw(st.lists(st.sampled_from(sorted(known)), max_size=6, unique=True)):
        element = draw(st.sampled_from(("", *known[name].elements)))
        address = f"{name}[{element}]" if element else name
        chosen[address] = draw(st.floats(known[name].low, known[name].high))
    futures = [*scenario_names(INPUTS), "reference"]
    return Request(
        draw(st.sampled_from(futures) if one else some(futures)),
        draw(st.sampled_from(portfolio_names(INPUTS))),
        draw(st.sampled_from(contract_names(INPUTS))),
        draw(st.sampled_from(AREAS) if one else some(AREAS)),
        draw(st.sampled_from(("2014", "2018", "own", "my people.csv#base=2018&unit=persons"))),
        chosen,
    )


@given(requests())
@examples(100, suppress_health_check=[HealthCheck.too_slow])
def test_a_command_line_is_read_back(request: Request):
    words = shlex.split(request.command())
    assert words[:2] == ["dudley-sd", "run"]
    context = typer.main.get_command(app).commands["run"].make_context("run", words[2:])  # type: ignore[attr-defined]
    given = context.params
    facts = [given[name] for name in ("projection", "base", "unit", "variant")]
    typed = Options(
        given["scenarios"],
        given["portfolio"],
        given["contract"],
        projection_choice(*facts),
        given["footprint"],
        {},
    )
    assert options_of(typed, given["lever"] or [], None).request == request


@given(requests())
@examples(100, suppress_health_check=[HealthCheck.too_slow])
def test_a_plan_file_is_read_back(request: Request):
    text = SavedPlan.of(request, "A plan", reasons=dict.fromkeys(request.values, "Why")).toml()
    assert parse_plan(text.encode(), "plan.toml").request == request


@given(requests(one=True))
@examples(100, suppress_health_check=[HealthCheck.too_slow])
def test_what_the_browser_is_given_is_read_back(request: Request):
    assert Request.from_json(json.loads(json.dumps(request.json()))) == request


@given(requests(), st.randoms())
@examples(100, suppress_health_check=[HealthCheck.too_slow])
def test_the_order_of_settings_makes_no_other_request(request: Request, chance):
    pairs = list(request.settings)
    chance.shuffle(pairs)
    again = Request(
        list(request.scenarios),
        request.portfolio,
        request.contract,
        request.footprints,
        request.projection,
        pairs,
    )
    assert (again, hash(again)) == (request, hash(request))


@given(requests())
@examples(100, suppress_health_check=[HealthCheck.too_slow])
def test_do_nothing_and_the_reference_case_are_their_own(request: Request):
    nothing, first = request.do_nothing(), request.reference_case()
    assert nothing.do_nothing() == nothing
    assert first.reference_case() == first == first.do_nothing()
    assert set(nothing.settings) <= set(request.settings)
    assert nothing.reference_case() == first
