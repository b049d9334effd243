// The card of a chart: its title to choose another by, unit, numbers, source, and a picture of it to keep.

import { make } from "../dom.js";
import { formatNumber } from "../numbers.js";
import { savePicture } from "../pictures.js";
import { makeChart } from "./chart.js";
import { hasValue, rowTitle } from "./pointer.js";
import { extrapolationNote, shortSource, sourceText } from "./sources.js";

const STYLES = ["fill", "stroke", "stroke-width", "stroke-dasharray", "font", "visibility", "fill-opacity",
  "opacity", "stroke-opacity"];

// place: of four; choose(key) is called when the reader picks another chart.
export function makeCard(place, area, choose) {
  const label = `Chart ${place + 1}: choose a question`;
  const picker = make("select",
    { class: "explore-title", "aria-label": label, onchange: () => choose(picker.value) },
    ...area.charts.map((spec) => make("option", { value: spec.key }, spec.title)));
  const asks = make("span", { "aria-hidden": "true" });
  const picked = make("div", { class: "explore-picked" }, asks, picker);
  const unit = make("p", { class: "unit" }), host = make("div", { class: "explore-plot" });
  const says = make("p", {}), source = make("p", { class: "source" });
  const table = makeTable(`Numbers of chart ${place + 1}`);
  const numbers = make("details", { ontoggle: () => fill() },
    make("summary", {}, "Numbers"), ...table.elements);
  const about = make("details", {}, make("summary", {}, "What this shows",
    make("span", { class: "hidden-words" }, " and where it is from")), says, source);
  const save = () => saveChart(chart.svg, chart.spec, latest[2], area);
  const picture = make("button", { type: "button", class: "explore-link", onclick: save }, "Picture");
  const heading = make("h3", { class: "hidden-words" });
  const printed = make("p", { class: "explore-printed" });
  const under = make("div", { class: "explore-under" }, about, numbers, picture);
  const card = make("figure", { class: "chart explore-card" },
    heading, picked, unit, host, under, printed);
  let chart = null, latest = null, inSight = true, stale = false;
  const watching = new IntersectionObserver((entries) => {
    inSight = entries[entries.length - 1].isIntersecting;
    if (inSight && stale) draw(...latest);
  }, { rootMargin: "100px" });
  watching.observe(card);

  function show(key) {
    const spec = area.charts.find((each) => each.key === key);
    if (chart) chart.stop();
    picker.value = key;
    heading.textContent = spec.title;
    asks.textContent = spec.title;
    unit.textContent = spec.unit;
    says.textContent = spec.says + (area.extrapolated ? " " + extrapolationNote(area) : "");
    source.textContent = sourceText(spec, area);
    printed.textContent = shortSource(spec, area);
    const plot = make("div", { class: "explore-plot-in" });
    host.replaceChildren(plot);
    chart = makeChart(plot, spec, area);
    if (latest) draw(...latest);
  }

  // Charts out of sight wait until they are seen.
  function draw(found, settled, title) {
    latest = [found, settled, title];
    stale = !inSight && !settled;
    if (stale) return;
    chart.draw(found, settled);
    if (settled) { fill(); chart.svg.setAttribute("aria-label", inWords(chart, area)); }
  }

  function fill() {
    if (!numbers.open) return;
    const rows = chart.rows().reverse().filter((row) => row.values);
    const decimals = Math.max(1, chart.spec.decimals);
    const line = (year, at) => [String(year), ...rows.map((row) => formatNumber(row.values[at], decimals))];
    table.fill(`${chart.spec.title} ${chart.spec.unit}`, ["Mid-year", ...rows.map(rowTitle)],
      area.years.map(line));
  }
  const stop = () => { watching.disconnect(); if (chart) chart.stop(); };
  return { element: card, show, draw, stop, get key() { return chart && chart.spec.key; } };
}

// A table that is moved sideways where it is wider than its place, and says so.
function makeTable(label) {
  const table = make("div", { class: "numbers", tabindex: "0", role: "region", "aria-label": label });
  const hint = make(
    "p", { class: "explore-aside", hidden: true }, "Move the table sideways for more →");
  function fill(caption, head, body) {
    const cells = (tag, scope, texts) => texts.map((text) => make(tag, scope ? { scope } : {}, text));
    table.replaceChildren(make("table", {}, make("caption", {}, caption),
      make("thead", {}, make("tr", {}, ...cells("th", "col", head))),
      make("tbody", {}, ...body.map(([first, ...rest]) =>
        make("tr", {}, ...cells("th", "row", [first]), ...cells("td", "", rest))))));
    hint.hidden = table.scrollWidth <= table.clientWidth + 1;
  }
  return { elements: [hint, table], fill };
}

function inWords(chart, area) {
  const last = area.years.length - 1, parts = chart.rows().filter((row) => hasValue(row, last))
    .map((row) => `${rowTitle(row)} ${formatNumber(row.values[last], chart.spec.decimals)}`);
  const { title, unit } = chart.spec;
  return `${title} ${unit}. In ${area.years[last]}: ${parts.join("; ")}. The years are under Numbers.`;
}

// A picture of a chart, as it is seen; pictures.js draws what is around it.
function saveChart(svg, spec, title, area) {
  const { width, height } = svg.viewBox.baseVal, copy = withStyles(svg), root = document.documentElement;
  copy.setAttribute("width", width); copy.setAttribute("height", height);
  const text = new XMLSerializer().serializeToString(copy), colour = getComputedStyle(root);
  const people = area.choices.projection.find((each) => each.key === area.projection);
  const medians = "Medians and 8 in 10 runs; the thin line is the single run at central values.";
  const runs = svg.classList.contains("most") ? medians : "A single run at central values.";
  const notes = [runs, shortSource(spec, area)];
  if (people) notes.push(`People: ${people.title}.`);
  if (area.extrapolated) notes.push(extrapolationNote(area));
  savePicture({
    name: spec.key, title: spec.title, units: [spec.unit], plan: title, width, height,
    address: "data:image/svg+xml;charset=utf-8," + encodeURIComponent(text),
    key: [...document.querySelectorAll(".explore-key-line")], notes: [notes.join(" ")],
    colours: {
      paper: colour.getPropertyValue("--card"), soft: colour.getPropertyValue("--soft"),
      ink: colour.getPropertyValue("--ink"),
    },
  });
}

// A picture outside the page has no style sheet: what it says is written into each part.
function withStyles(svg) {
  const copy = svg.cloneNode(true), to = copy.querySelectorAll("*");
  svg.querySelectorAll("*").forEach((element, place) => {
    const style = getComputedStyle(element);
    for (const name of STYLES) to[place].style.setProperty(name, style.getPropertyValue(name));
  });
  return copy;
}
