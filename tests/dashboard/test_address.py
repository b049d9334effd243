"""Does any address, however bad, open the page with a note and the usual settings?"""

from __future__ import annotations

from urllib.parse import quote

import pytest
from dudley_dashboard.address import LONGEST, MOST_NOTES, MOST_SETTINGS, read_view, without_refused
from dudley_dashboard.app import create_app
from dudley_dashboard.catalogue import catalogue
from dudley_dashboard.runs import areas_of, run
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from sampling import examples

from dudley_sd.request import Request, by_element
from dudley_sd.runs.areas import make_runs

BAD = (
    "?scenario=nowhere",
    "?scenario=",
    "?scenario=../../etc/passwd",
    "?scenario=official_future%00",
    "?scenario=<script>alert(1)</script>",
    "?scenario=reference",
    "?portfolio=everything",
    "?portfolio=' OR 1=1 --",
    "?contract=UNITING_CARE",
    "?footprint=dudley;rm -rf /",
    "?footprint=../dudley",
    "?projection=/etc/passwd",
    "?projection=https://example.org/x.xls",
    "?projection=2016",
    "?set=coverage[MDT]",
    "?set=coverage[MDT]:",
    "?set=coverage[MDT]:nan",
    "?set=coverage[MDT]:inf",
    "?set=coverage[MDT]:-1",
    "?set=coverage[MDT]:1e400",
    "?set=coverage[MDT]:0.5;0.6",
    "?set=coverage[MDT]:__import__('os').system('id')",
    "?set=coverage[:0.5",
    "?set=coverage]MDT[:0.5",
    "?set=coverage[Nobody]:0.5",
    "?set=:0.5",
    "?set=:",
    "?set=",
    "?set=covrage:0.5",
    "?set=TIME STEP:0.5",
    "?set=" + "[" * 7000 + ":1",
    "?set=" + '"\\"' * 2000 + ":1",
    "?" + "&".join(["set=covrage:1"] * 560),
    "?" + "a" * LONGEST,
    "?v=0",
    "?v=99999999999999999999",
    "?v=1&v=<b>2</b>",
    "?scenario=%ff%fe",
    "?set=coverage[MDT]:%D9%A5%00",
    "?set=a%0d%0aSet-Cookie:%20x=1:1",
)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("Luton", "Luton is a CCG: dudley-sd area new E38000102 makes an area of it."),
        ("E38000046", "Dudley is a CCG: here it is dudley."),
    ],
)
def test_a_ccg_without_an_area_gives_the_command_that_makes_one(name: str, says: str):
    (note,) = read_view(f"?footprint={name}").notes
    assert note == f"There is no footprint “{name}”; the usual one is shown. {says}"


@pytest.mark.parametrize("search", BAD, ids=range(len(BAD)))
def test_a_bad_address_gives_a_note_and_the_usual(search: str):
    view = read_view(search)
    assert view.request == Request()
    assert 1 <= len(view.notes) <= MOST_NOTES + 1
    assert all(len(note) < 300 and note.isprintable() for note in view.notes)


@pytest.fixture(scope="module")
def client():
    return create_app("/dash/").server.test_client()


@pytest.mark.parametrize("search", BAD, ids=range(len(BAD)))
def test_over_http_it_opens_and_the_page_is_drawn(client, search: str):
    """The page itself, then what the browser asks to be drawn on it: status 200 and the note."""
    page = client.get("/dash/?" + quote(search[1:], safe="=&%"))
    assert page.status_code == 200
    drawn = draw(client, "/dash/", search)
    assert drawn.status_code == 200
    assert read_view(search).notes[0] in texts(drawn.get_json())


@pytest.mark.parametrize(
    "path", ["/dash/nowhere", "/dash/../../etc/passwd", "/dash/a%00b", "/", "/dash/%0d%0aX: y"]
)
def test_an_unknown_path_draws_the_first_page(client, path: str):
    assert draw(client, path, "").status_code == 200


def texts(part) -> list[str]:
    """Every text in an answer."""
    if isinstance(part, dict):
        return [text for each in part.values() for text in texts(each)]
    if isinstance(part, list):
        return [text for each in part for text in texts(each)]
    return [part] if isinstance(part, str) else []


def draw(client, path: str, search: str):
    """Ask what the browser asks when the address changes."""
    dependencies = client.get("/dash/_dash-dependencies").get_json()
    one = next(each for each in dependencies if "page.children" in each["output"])
    route = {"path": path, "search": search}
    outputs = [
        {"id": text.rpartition(".")[0], "property": text.rpartition(".")[2]}
        for text in one["output"].strip(".").split("...")
    ]
    body = {
        "output": one["output"],
        "outputs": outputs,
        "inputs": [{**each, "value": route} for each in one["inputs"]],
        "state": [{**each, "value": None} for each in one["state"]],
        "changedPropIds": ["route.data"],
    }
    return client.post("/dash/_dash-update-component", json=body)


def test_only_the_first_settings_of_very_many_are_read():
    view = read_view("?" + "&".join(["set=a:1"] * MOST_SETTINGS + ["set=GDP growth:0.01"]))
    assert view.request.values == {}
    assert f"more than {MOST_SETTINGS}" in view.notes[0]


@st.composite
def plans(draw: st.DrawFn) -> Request:
    """Any plan that can be asked for."""
    known = catalogue()
    chosen = {
        key: draw(st.sampled_from(known.choices(key)))
        for key in ("scenario", "portfolio", "contract", "footprint", "projection")
    }
    names = draw(st.lists(st.sampled_from(sorted(known.levers)), max_size=6, unique=True))
    levers = {}
    for name in names:
        lever = known.levers[name]
        element = draw(st.sampled_from(("", *lever.elements)))
        value = draw(st.floats(lever.low, lever.high, allow_nan=False))
        levers[f"{name}[{element}]" if element else name] = value
    plan = Request(*chosen.values(), settings=by_element(levers, known.levers))
    return without_refused(plan)[0]


@given(plans())
@examples(60, suppress_health_check=[HealthCheck.too_slow])
def test_what_is_written_into_an_address_is_read_out_of_it(plan: Request):
    rest = {"areas": ("dudley", "wal sall&=?#"), "über": ("",)}
    view = read_view(plan.address(rest))
    assert view.request == plan
    assert view.notes == ()
    if view.request != Request():
        assert view.rest == rest


@given(
    st.text(max_size=300) | st.lists(st.text(max_size=30)).map(lambda parts: "?set=" + "&set=".join(parts))
)
@examples(150)
def test_no_text_whatever_breaks_the_reader(text: str):
    plan = read_view(text).request
    areas = areas_of((plan.footprint,), plan.projection)
    make_runs(areas, plan)


def test_a_lever_too_large_for_a_small_area_is_left_out_and_the_rest_runs():
    """Numbers of beds and people are sized to the area; what suits Dudley may be too much elsewhere."""
    known = catalogue().levers
    sized = [
        name
        for name, lever in known.items()
        if without_refused(Request(footprints="erewash", settings={name: lever.high}))[1]
    ]
    assert sized, "some lever has other limits in a smaller area"
    address = Request(
        footprints="erewash", settings={sized[0]: known[sized[0]].high, "GDP growth": 0.01}
    ).address()
    view = read_view(address)
    assert view.request == Request(footprints="erewash", settings={"GDP growth": 0.01})
    assert sized[0] in view.notes[0]
    assert run(view.request).sizes["scenario"] == 1
