"""No text of a tile or chart is cut, lies upon another or is parted from its unit: wide, narrow, larger."""

from __future__ import annotations

import pytest
from sampling import drawn, sampled

import dudley_sd
from dudley_sd.results.page import write_html
from tests.dashboard.explore_page import READY
from tests.dashboard.waiting import until

FUTURES = ("official_future", "community_resilience", "corporate_rules", "state_supreme")
SIZES = [(width, scale) for scale in (1, 1.15) for width in (1440, 390)]

FAULTS = """() => {
  const faults = [], said = (each) => each.textContent.trim();
  const name = (each) => JSON.stringify(said(each).slice(0, 60));
  const shown = (each) => said(each) && !each.closest("details:not([open])") &&
    getComputedStyle(each).visibility !== "hidden" && each.getBoundingClientRect().width > 0;
  function check(texts, frame, what) {
    const boxes = [...texts].filter(shown).map((each) => [each, each.getBoundingClientRect()]);
    const room = frame.getBoundingClientRect();
    for (const [each, box] of boxes) {
      const out = box.left < room.left - 1 || box.right > room.right + 1 ||
        box.top < room.top - 2 || box.bottom > room.bottom + 2;
      if (out) faults.push(`${what}: cut ${name(each)}`);
    }
    boxes.forEach(([one, a], place) => boxes.slice(place + 1).forEach(([other, b]) => {
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (wide > 1 && high > 3) faults.push(`${what}: ${name(one)} upon ${name(other)}`);
    }));
  }
  for (const plot of document.querySelectorAll(".explore-plot-in")) {
    check(plot.querySelectorAll("text"), plot, "chart");
  }
  for (const graph of document.querySelectorAll("#page .js-plotly-plot, .chart.js-plotly-plot")) {
    if (graph.clientWidth) check(graph.querySelectorAll(".main-svg text"), graph, graph.parentElement.id);
  }
  for (const tile of document.querySelectorAll(".explore-tile, .explore-card")) {
    for (const each of tile.querySelectorAll("h3, p, span, .explore-picked > span")) {
      if (each.closest(".hidden-words") || !shown(each)) continue;
      const box = each.getBoundingClientRect(), room = tile.getBoundingClientRect();
      if (box.right > room.right + 1 || each.scrollWidth > each.clientWidth + 1 && each.clientWidth) {
        faults.push(`tile: cut ${name(each)}`);
      }
    }
    const [number, unit] = [".explore-value", ".explore-of"].map((each) => tile.querySelector(each));
    if (!unit || !said(unit)) continue;
    const [a, b] = [number.getClientRects(), unit.getClientRects()];
    if (Math.abs(a[a.length - 1].bottom - b[0].bottom) > a[0].height / 2) faults.push(`parted ${name(unit)}`);
  }
  return faults;
}"""

LARGER = """async (scale) => {
  document.documentElement.style.fontSize = `${100 * scale}%`;
  for (const graph of document.querySelectorAll("#page .js-plotly-plot")) {
    graph.dudleyFont = graph.dudleyFont || graph.layout.font.size;
    const changes = { "font.size": graph.dudleyFont * scale };
    (graph.layout.annotations || []).forEach((each, place) => {
      each.dudleySize = each.dudleySize || (each.font || {}).size || 12;
      changes[`annotations[${place}].font.size`] = each.dudleySize * scale;
    });
    await Plotly.relayout(graph, changes);
  }
}"""

SETTLED = """async () => {
  const places = () => [...document.querySelectorAll("#page text, .explore-tile *")].map((each) => {
    const box = each.getBoundingClientRect();
    return [box.left, box.right, box.top].map(Math.round).join();
  }).join(";");
  const busy = () => [...document.querySelectorAll("#page .js-plotly-plot")].some((each) => each.dudleyBusy);
  const before = places();
  for (let k = 0; k < 12; k++) await new Promise((drawn) => requestAnimationFrame(drawn));
  return !busy() && before === places();
}"""


def faults_of(page, what: str) -> list[str]:
    """All faults of a page in two sizes that are drawn, by size; ``--whole`` looks at all sizes."""
    found = []
    for width, scale in drawn(SIZES, 2, what):
        page.evaluate(LARGER, scale)
        page.set_viewport_size({"width": width, "height": 900 if width > 400 else 844})
        until(page, "width => innerWidth === width", arg=width)
        until(page, SETTLED)
        found += [f"{width} x {scale}: {fault}" for fault in page.evaluate(FAULTS)]
    page.evaluate(LARGER, 1)
    return found


@pytest.mark.drawn
def test_explore_in_every_future(page_at):
    """In two futures that are drawn; ``--whole`` looks at all."""
    page = page_at(ready=READY)
    found = []
    for future in sorted(drawn(FUTURES, 2, "measured"), key=FUTURES.index):
        page.select_option("#explore-scenario", future)
        until(
            page,
            f"document.querySelector('#explore').dataset.drawn.includes({future!r})"
            if future != FUTURES[0]
            else "true",
        )
        found += [f"{future}: {fault}" for fault in faults_of(page, future)]
    assert found == []


OTHERS = [
    ("/people", "#people-old .main-svg"),
    ("/compare", "#compare-lines .main-svg"),
    ("/footprints?areas=dudley&areas=walsall", "#areas-ranking .main-svg"),
    ("/uncertainty?members=500", "#uncertainty-tornado .main-svg"),
]


@pytest.mark.drawn
@pytest.mark.parametrize(("path", "ready"), sampled(OTHERS, 2))
def test_charts_of_other_pages(page_at, path, ready):
    """A sample of pages; ``--whole`` looks at all."""
    page = page_at(path, ready=ready)
    until(page, "window.Plotly")
    assert faults_of(page, path) == []


@pytest.mark.drawn
def test_charts_of_the_report(chromium, four_futures, tmp_path):
    """Wide or narrow; ``--whole`` looks at both."""
    path = write_html(four_futures, tmp_path / "report.html", dudley_sd.run(portfolio="none"))
    for width in drawn((1440, 390), 1, "report"):
        page = chromium.new_page(viewport={"width": width, "height": 900})
        page.goto(path.as_uri())
        page.wait_for_selector(".chart .main-svg")
        until(page, SETTLED.replace("#page text", ".chart text"))
        assert page.evaluate(FAULTS) == []
        page.close()


def test_a_page_with_text_that_is_cut_or_covered_is_refused(page_at):
    page = page_at(ready=READY)
    page.evaluate("""() => document.querySelectorAll(".explore-label, .explore-tick").forEach((each) => {
      each.style.fontSize = "40px";
    })""")
    faults = page.evaluate(FAULTS)
    assert any(": cut " in fault for fault in faults)
    assert any(" upon " in fault for fault in faults)
