"""What the browser works out is what Python works out."""

from __future__ import annotations

import itertools
import json
import math
import random
from collections.abc import Collection
from urllib import request as http
from urllib.error import HTTPError
from urllib.request import urlopen

import numpy as np
import pytest
from dudley_dashboard.address import read_view
from dudley_dashboard.api import described
from dudley_dashboard.browser_model import browser_model, browser_outputs
from dudley_dashboard.catalogue import catalogue
from dudley_dashboard.runs import run

from dudley_sd.ratio import adds_up
from dudley_sd.request import Request, by_element
from dudley_sd.results.derived import accumulated_gain, first_year_without_loss
from tests.dashboard.explore_page import MODULE
from tests.dashboard.waiting import PATIENCE

RUN = (
    f"async ([prefix, footprint, searches, what]) => {{ {MODULE}"
    + """
  const names = ["engine.js", "request.js", "explore/results.js"];
  const E = Object.assign({}, ...(await Promise.all(names.map(module))));
  const area = await E.loadArea(prefix, footprint);
  const plans = searches.map((search) => E.readRequest(search, area));
  if (what === "rows") return plans.map((plan) => Array.from(E.settingValues(plan, area)));
  if (what === "commands") return plans.map((plan) => E.commandLine(plan));
  if (what === "searches") return plans.map((plan) => E.searchOf(plan));
  if (what === "where") return area.engine.here;
  if (what === "pays") return plans.map((plan) => {
    const [run, other] = area.engine.run([plan, E.doNothing(plan, area)]);
    const gain = E.gainOf(run, other, area);
    return [gain[gain.length - 1], E.breakEven(gain, area.years)];
  });
  return (await area.engine.run(plans)).map((run) => Array.from(run));
}"""
)


def random_plans(
    count: int, footprint: str = "dudley", seed: int = 6, without: Collection[str] = ()
) -> list[Request]:
    """Draw plans of all kinds: any choice, up to eight levers and elements anywhere within their limits."""
    draw, known = random.Random(seed), catalogue()
    levers = browser_model(catalogue().parts(footprint)[0].id).levers
    levers = {name: lever for name, lever in levers.items() if name not in without}
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
        plans.append(
            Request(*choice.values(), footprints=footprint, settings=by_element(chosen, known.levers))
        )
    return plans


def ask(page, served, plans, what="runs", footprint="dudley"):
    prefix = "/" + served.split("/", 3)[3] + "/"
    return page.evaluate(RUN, [prefix, footprint, [plan.address() for plan in plans], what])


@pytest.fixture(scope="module")
def page(chromium, served):
    """A page whose modules are asked again and again; nothing is touched on it."""
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{served}/")
    page.wait_for_selector("#explore[data-drawn]", timeout=PATIENCE)
    yield page
    context.close()


def test_the_levers_of_every_choice_are_those_of_a_run(page, served):
    known = catalogue()
    choices = itertools.product(known.scenarios, known.portfolios, known.contracts)
    plans = [Request(*choice) for choice in choices] + random_plans(60)
    rows = ask(page, served, plans, "rows")
    assert rows == [browser_model("dudley").row(plan) for plan in plans]


def test_the_levers_of_an_area_of_another_size_too(page, served):
    plans = random_plans(20, "walsall")
    assert ask(page, served, plans, "rows", "walsall") == [browser_model("walsall").row(p) for p in plans]


@pytest.mark.parametrize("footprint", ["dudley", "walsall"])
def test_numbers_in_the_browser_are_those_of_python(page, served, footprint):
    """Tolerance: 1e-9 of the largest number of each series, as between our engines."""
    plans = [Request(footprints=footprint), *gentle(random_plans(12, footprint))]
    assert ask(page, served, plans, "where", footprint) is True
    for plan, numbers in zip(plans, ask(page, served, plans, "runs", footprint), strict=True):
        compare(numbers, plan)


def test_numbers_worked_out_on_the_server_are_the_same(served):
    plans = gentle(random_plans(3))
    for plan, numbers in zip(plans, post(served, plans)["runs"], strict=True):
        compare(numbers, plan)


def of_a_total() -> list[Request]:
    """Plans of a total: random ones, but for sizes, which no total has."""
    plans = random_plans(8, "black_country", seed=14, without=described("black_country")["sizes"])
    return [Request(footprints="black_country"), *gentle(plans)]


def test_a_total_of_areas_is_worked_out_in_the_browser_as_in_python(page, served):
    plans = of_a_total()
    assert ask(page, served, plans, "where", "black_country") is True
    for plan, numbers in zip(plans, ask(page, served, plans, "runs", "black_country"), strict=True):
        compare(numbers, plan)


def test_a_total_of_areas_is_worked_out_on_the_server_too(served):
    plans = of_a_total()[:3]
    for plan, numbers in zip(plans, post(served, plans)["runs"], strict=True):
        compare(numbers, plan)


def test_the_server_says_what_it_left_out_of_a_run(served):
    (plan,) = [Request(footprints="black_country", settings={"beds in 2014": 700.0})]
    answer = post(served, [plan])
    assert answer["runs"] == post(served, [Request(footprints="black_country")])["runs"]
    assert "is a size, and one size cannot be right for several areas" in answer["notes"][0]


def test_an_area_is_shown_its_own_sizes_and_how_they_were_scaled():
    own, other, together = (described(name) for name in ("dudley", "walsall", "black_country"))
    own_gps = browser_model("dudley").levers["GP heads in 2014"].default
    gps = "GP heads in 2014"
    assert own["numbers"][gps]["central"] == own_gps
    scaled = browser_model("walsall").levers[gps].default
    assert other["numbers"][gps]["central"] == pytest.approx(scaled, abs=0.05)
    assert other["numbers"][gps]["note"].startswith(f"Scaled from Dudley's {own_gps:g} by ")
    parts = [browser_model(part.id).levers[gps].default for part in catalogue().parts("black_country")]
    assert together["numbers"][gps]["central"] == pytest.approx(sum(parts), abs=0.2)
    assert together["numbers"][gps]["note"].startswith("The sum of Dudley, ")


def test_every_size_of_an_area_that_is_told_of_is_the_area_s_own():
    """Tolerance: what is told has one decimal from ten upwards."""
    model, told = browser_model("walsall"), described("walsall")["numbers"]
    rows = dict(zip(model.places, model.defaults, strict=True))
    sizes = [name for name in told if name in rows and adds_up(model.levers[name.partition("[")[0]].units)]
    assert len(sizes) > 10
    for name in sizes:
        assert told[name]["central"] == pytest.approx(rows[name], abs=0.051), name


def test_the_year_in_which_a_plan_pays_for_itself_is_that_of_a_report(page, served):
    plans = [
        Request(),
        Request(settings={"expert opinion that holds": 1.0}),
        Request("community_resilience", contract="dudley_mcp"),
    ]
    for plan, (gain, year) in zip(plans, ask(page, served, plans, "pays"), strict=True):
        expected = accumulated_gain(run(plan), run(plan.do_nothing())).isel(scenario=0)
        assert gain == pytest.approx(float(expected[-1]), rel=1e-9, abs=1e-6)
        found = float(first_year_without_loss(expected))
        assert math.isnan(found) if year is None or math.isnan(year) else year == found


def test_address_and_command_line_are_those_that_python_writes(page, served):
    plans = random_plans(20)
    assert ask(page, served, plans, "searches") == [plan.address() for plan in plans]
    plan = Request("state_supreme", settings={"coverage[MDT]": 0.25, "GDP growth": 0.01})
    (command,) = ask(page, served, [plan], "commands")
    told = json.loads(run(read_view(plan.address()).request).attrs["manifest"])["command"]
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
    request = http.Request(f"{served}/api/run", body, {"Content-Type": "application/json"})
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
    with urlopen(http.Request(origin + addresses["mjs"], headers={"Accept-Encoding": "gzip"})) as answer:
        assert answer.headers["Content-Encoding"] == "gzip"
        assert "immutable" in answer.headers["Cache-Control"]
        assert len(answer.read()) < 200_000  # of 4 MB that the first page may take


def test_what_a_browser_has_already_is_not_sent_again(served):
    """Plotly is large and has no hash in its address: it is asked for again, and answered in a few bytes."""
    address = f"{served}/_dash-component-suites/plotly/package_data/plotly.min.js"
    with urlopen(http.Request(address, headers={"Accept-Encoding": "gzip"})) as answer:
        tag = answer.headers["ETag"]
    again = http.Request(address, headers={"Accept-Encoding": "gzip", "If-None-Match": tag})
    with pytest.raises(HTTPError) as error, urlopen(again):
        pass
    assert error.value.code == 304


def gentle(plans: list[Request]) -> list[Request]:
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


def post(served: str, plans: list[Request]) -> dict:
    body = json.dumps({"searches": [plan.address() for plan in plans]}).encode()
    with urlopen(http.Request(f"{served}/api/run", body, {"Content-Type": "application/json"})) as answer:
        return json.load(answer)


def compare(numbers: list[float], plan: Request) -> None:
    """Hold all outputs against a run; of a total those that it leaves out must not be told here either."""
    told = browser_model(catalogue().parts(plan.footprint)[0].id).described()
    rows = np.array(numbers, dtype=float).reshape(len(told["years"]), told["series"])
    results = run(plan).isel(scenario=0)
    for key in browser_outputs():
        place, width = told["outputs"][key]["place"], max(1, len(told["outputs"][key]["labels"]))
        found = rows[:, place : place + width]
        if key not in results:
            assert key in results.attrs["left_out"]
            assert np.isnan(found).all(), key
            continue
        expected = results[key].to_numpy().reshape(len(rows), -1)
        assert expected.shape == found.shape
        scale = np.abs(expected).max() or 1.0
        assert np.abs(found - expected).max() <= 1e-9 * scale, key
