"""What the browser works out is what Python works out."""

from __future__ import annotations

import itertools
import json
import math
import random
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import numpy as np
import pytest

from dashboard.browser_model import browser_model
from dashboard.catalogue import catalogue
from dashboard.outputs import OUTPUTS
from dashboard.plan import Plan
from dashboard.runs import doing_nothing, run
from dashboard.view import read_view, search_of
from dudley_sd.results.break_even import accumulated_gain, break_even_year

RUN = """async ([prefix, footprint, searches, what]) => {
  const E = window.dudleyExplore;
  const area = await E.loadArea(prefix, footprint);
  const plans = searches.map((search) => E.readPlan(search, area));
  if (what === "rows") return plans.map((plan) => Array.from(E.row(plan, area)));
  if (what === "commands") return plans.map((plan) => E.commandLine(plan));
  if (what === "searches") return plans.map((plan) => E.searchOf(plan));
  if (what === "where") return area.engine.here;
  if (what === "pays") return plans.map((plan) => {
    const [run, other] = area.engine.run([plan, E.nothingDecided(plan, area)]);
    const gain = E.gain(run, other, area);
    return [gain[gain.length - 1], E.breakEven(gain, area.years)];
  });
  return (await area.engine.run(plans)).map((run) => Array.from(run));
}"""


def random_plans(count: int, footprint: str = "dudley", seed: int = 6) -> list[Plan]:
    """Draw plans of all kinds: any choice, up to eight levers and elements anywhere within their limits."""
    draw, known = random.Random(seed), catalogue()
    levers = browser_model(footprint).levers
    plans = []
    for _ in range(count):
        chosen = {}
        for lever in draw.sample(sorted(levers), draw.randint(0, 8)):
            element = draw.choice(levers[lever].elements) if levers[lever].elements else None
            address = f"{lever}[{element}]" if element and draw.random() < 0.8 else lever
            low, high = levers[lever].low, levers[lever].high
            chosen[address] = round(draw.uniform(low, high), 3) if high - low > 0.1 else low
            chosen[address] = min(max(chosen[address], low), high)
        choice = {kind: draw.choice(known.choices(kind)) for kind in ("scenario", "portfolio", "contract")}
        plans.append(Plan(**choice, footprint=footprint, levers=chosen))
    return plans


def ask(page, served, plans, what="runs", footprint="dudley"):
    prefix = "/" + served.split("/", 3)[3] + "/"
    return page.evaluate(RUN, [prefix, footprint, [search_of(plan) for plan in plans], what])


@pytest.fixture
def page(page_at):
    return page_at("/", ready="#explore[data-drawn]")


def test_the_levers_of_every_choice_are_those_of_a_run(page, served):
    known = catalogue()
    choices = itertools.product(known.scenarios, known.portfolios, known.contracts)
    plans = [Plan(*choice) for choice in choices] + random_plans(60)
    rows = ask(page, served, plans, "rows")
    assert rows == [browser_model("dudley").row(plan) for plan in plans]


def test_the_levers_of_an_area_of_another_size_too(page, served):
    plans = random_plans(20, "walsall")
    assert ask(page, served, plans, "rows", "walsall") == [browser_model("walsall").row(p) for p in plans]


@pytest.mark.parametrize("footprint", ["dudley", "walsall"])
def test_numbers_in_the_browser_are_those_of_python(page, served, footprint):
    """Tolerance: 1e-9 of the largest number of each series, as between our engines."""
    plans = [Plan(footprint=footprint), *gentle(random_plans(12, footprint))]
    assert ask(page, served, plans, "where", footprint) is True
    for plan, numbers in zip(plans, ask(page, served, plans, "runs", footprint), strict=True):
        compare(numbers, plan)


def test_numbers_worked_out_on_the_server_are_the_same(served):
    plans = gentle(random_plans(3))
    for plan, numbers in zip(plans, post(served, plans)["runs"], strict=True):
        compare(numbers, plan)


def test_a_total_of_areas_is_worked_out_on_the_server(served):
    plan = Plan(footprint="black_country")
    (numbers,) = post(served, [plan])["runs"]
    described = browser_model("dudley").described()
    last = np.array(numbers, dtype=float).reshape(-1, described["series"])[-1]
    people = last[described["outputs"]["total_population"]["place"]]
    assert people == pytest.approx(float(run(plan)["total_population"].isel(scenario=0, year=-1)))


def test_the_year_in_which_a_plan_pays_for_itself_is_that_of_a_report(page, served):
    plans = [Plan(), Plan(portfolio="as_planned"), Plan("community_resilience", contract="dudley_mcp")]
    for plan, (gain, year) in zip(plans, ask(page, served, plans, "pays"), strict=True):
        expected = accumulated_gain(run(plan), run(doing_nothing(plan))).isel(scenario=0)
        assert gain == pytest.approx(float(expected[-1]), rel=1e-9, abs=1)
        found = float(break_even_year(expected))
        assert math.isnan(found) if year is None or math.isnan(year) else year == found


def test_address_and_command_line_are_those_that_python_writes(page, served):
    plans = random_plans(20)
    assert ask(page, served, plans, "searches") == [search_of(plan) for plan in plans]
    plan = Plan("state_supreme", levers={"coverage[MDT]": 0.25, "GDP growth": 0.01})
    (command,) = ask(page, served, [plan], "commands")
    told = json.loads(run(read_view(search_of(plan)).plan).attrs["manifest"])["command"]
    assert command == told


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{}", 400),
        (b"not json", 400),
        (b'{"searches": []}', 400),
        (b'{"searches": [1]}', 400),
        (b'{"searches": ["", "", "", ""]}', 400),
        (b'{"searches": ["' + b"x" * 20_000 + b'"]}', 413),
        (b'{"searches": ["?scenario=nowhere&set=coverage:9"]}', 200),
    ],
)
def test_what_cannot_be_run_is_refused_with_words(served, body, status):
    request = Request(f"{served}/api/run", body, {"Content-Type": "application/json"})
    try:
        with urlopen(request) as answer:
            assert answer.status == status
    except HTTPError as error:
        assert error.code == status
        assert json.load(error)["error"]


def test_the_module_is_kept_for_ever_and_sent_compressed(served):
    with urlopen(f"{served}/model/dudley") as answer:
        addresses = json.load(answer)
    origin = served.rsplit("/", 1)[0]
    with urlopen(Request(origin + addresses["mjs"], headers={"Accept-Encoding": "gzip"})) as answer:
        assert answer.headers["Content-Encoding"] == "gzip"
        assert "immutable" in answer.headers["Cache-Control"]
        assert len(answer.read()) < 150_000


def test_what_a_browser_has_already_is_not_sent_again(served):
    """Plotly is large and has no hash in its address: it is asked for again, and answered in a few bytes."""
    address = f"{served}/_dash-component-suites/plotly/package_data/plotly.min.js"
    with urlopen(Request(address, headers={"Accept-Encoding": "gzip"})) as answer:
        tag = answer.headers["ETag"]
    again = Request(address, headers={"Accept-Encoding": "gzip", "If-None-Match": tag})
    with pytest.raises(HTTPError) as error, urlopen(again):
        pass
    assert error.value.code == 304


def gentle(plans: list[Plan]) -> list[Plan]:
    """Leave out plans that no model can follow: those whose run is refused in Python too."""
    kept = []
    for plan in plans:
        try:
            run(plan)
        except Exception:  # noqa: BLE001 - any refusal counts
            continue
        kept.append(plan)
    assert len(kept) >= 2
    return kept


def post(served: str, plans: list[Plan]) -> dict:
    body = json.dumps({"searches": [search_of(plan) for plan in plans]}).encode()
    with urlopen(Request(f"{served}/api/run", body, {"Content-Type": "application/json"})) as answer:
        return json.load(answer)


def compare(numbers: list[float], plan: Plan) -> None:
    described = browser_model(plan.footprint).described()
    rows = np.array(numbers, dtype=float).reshape(len(described["years"]), described["series"])
    results = run(plan).isel(scenario=0)
    for key in OUTPUTS:
        expected = results[key].to_numpy().reshape(len(rows), -1)
        place = described["outputs"][key]["place"]
        found = rows[:, place : place + expected.shape[1]]
        scale = np.abs(expected).max() or 1.0
        assert np.abs(found - expected).max() <= 1e-9 * scale, key
