// A chart of lines over the years, made once; a run only moves its paths. The same picture as a full redraw,
// in under a millisecond.

import { make, write } from "../dom.js";
import { formatNumber } from "../numbers.js";
import { forgetFonts, widthInClass, writeLines } from "../text_width.js";
import { BOTTOM, makeAxis, TOP } from "./axis.js";
import { addPointerNote } from "./pointer.js";
import { lineValues } from "./results.js";

const BESIDE = 9, STEP = 8; // pixels: from a line's end to its name; room for names grows by
const RUNS = ["base", "nothing", "plan"];
const DOTS = { base: 2.5, nothing: 3, plan: 4.5 };

export const RUN_TITLES = {
  plan: "Your plan", before: "Before your change", base: "Reference case", nothing: "Do nothing",
};
const NONE = "No shift is planned: there is nothing to land.";
const SHORT = { before: "Before", base: "Reference" };

// host: element to draw into; spec: from dudley_dashboard.browser_model; returns {draw, spec, svg, rows, stop}.
export function makeChart(host, spec, area) {
  const svg = make("svg", { class: "explore-svg", role: "img", "aria-label": spec.title });
  const grid = make("g", {}), fill = make("path", { class: "explore-between" });
  const two = spec.lines.length > 1, last = area.years.length - 1;
  const lines = RUNS.flatMap((run) => spec.lines.map((line, place) => {
    const second = two && place === 0 ? " second" : "";
    return {
      run, line, values: null,
      path: make("path", { class: `explore-line ${run}${second}` }),
      dot: make("circle", { class: `explore-dot ${run}${second}`, r: DOTS[run] }),
      name: make("text", { class: `explore-label ${run}` }, " "),
    };
  }));
  // Of the plan's lines: where 8 in 10 runs lie, and their median.
  const most = spec.lines.map((line, place) => ({
    line, spread: null,
    band: make("path", { class: `explore-band${two && place === 0 ? " second" : ""}` }),
    median: make("path", { class: `explore-median${two && place === 0 ? " second" : ""}` }),
  }));
  const empty = make("text", { class: "explore-tick", y: TOP + 40 });
  const cross = make("line", { class: "explore-cross", visibility: "hidden" });
  svg.append(grid, ...(two ? [] : [fill]), ...most.map((each) => each.band), cross, empty);
  svg.append(...lines.flatMap((each) => [each.path, each.dot]), ...most.map((each) => each.median),
    ...lines.map((each) => each.name));
  host.replaceChildren(svg);
  const size = { width: 0, height: 0, left: 0, right: 0 }, axis = makeAxis(grid, spec, area, size);
  const { x, y } = axis;
  let latest = null, letter = 13;

  function path(values) {
    let text = "", pen = "M";
    for (let k = 0; k < values.length; k++) {
      if (!Number.isFinite(values[k])) { pen = "M"; continue; }
      text += pen + x(k).toFixed(1) + " " + y(values[k]).toFixed(1);
      pen = "L";
    }
    return text;
  }

  // What a line is called; while an answer is hidden, the plan's is that of before.
  const before = () => latest && latest.before;
  const who = (run) => (run === "plan" && before() ? RUN_TITLES.before : RUN_TITLES[run]);
  const short = (run) => SHORT[run === "plan" && before() ? "before" : run] || who(run);

  // A chart of two lines has no room for the names of six; the key above tells them.
  function words({ run, line }, value) {
    const number = latest.between ? "" : " " + formatNumber(value, spec.decimals);
    if (!line.label) return short(run) + number;
    return (run === "nothing" ? line.label + ", do nothing" : line.label) + number;
  }

  const isNamed = (each) => each.values && Number.isFinite(each.values[last]) &&
    !(two && each.run === "base");

  // Room for the widest name, as it is written: more as soon as it is needed, less once all is settled.
  function reserve(settled) {
    let wide = widthInClass(`${area.years[last]}*`, "explore-tick", svg) / 2;
    for (const each of lines.filter(isNamed)) {
      const written = words(each, each.values[last]);
      wide = Math.max(wide, BESIDE + widthInClass(written, `explore-label ${each.run}`, svg));
    }
    const right = Math.min(STEP * Math.ceil((wide + 2) / STEP), 0.6 * size.width);
    if (settled || right > size.right) size.right = right;
  }

  // Names stand at the ends of their lines, pushed apart where lines meet.
  function label() {
    const names = [];
    for (const each of lines) {
      const value = each.values && each.values[last], there = Number.isFinite(value);
      const named = isNamed(each);
      each.dot.setAttribute("visibility", there ? "visible" : "hidden");
      each.name.setAttribute("visibility", named ? "visible" : "hidden");
      if (!there) continue;
      const at = y(value);
      each.dot.setAttribute("cx", x(last)); each.dot.setAttribute("cy", at);
      if (!named) continue;
      write(each.name, words(each, value));
      names.push({ each, at });
    }
    names.sort((a, b) => a.at - b.at);
    let above = -Infinity, below = size.height - BOTTOM + 4 + letter;
    for (const one of names) { one.to = Math.max(one.at, above + letter + 3); above = one.to; }
    for (const one of names.reverse()) { one.to = Math.min(one.to, below - letter - 3); below = one.to; }
    if (!names.length) writeLines(empty, NONE, size.left + 12, size.width - size.left - 20);
    empty.setAttribute("visibility", names.length ? "hidden" : "visible");
    for (const { each, to } of names) {
      each.name.setAttribute("x", x(last) + BESIDE);
      each.name.setAttribute("y", to + 4);
    }
  }

  // found: see makeRunner; also lines, the bands of the plan's lines.
  function draw(found, settled) {
    latest = found;
    if (!size.width) return;
    const runs = { plan: found, base: found.apart ? found.base : null, nothing: { run: found.without } };
    if (spec.gain) runs.base = null; // what is gained is gained over do nothing in the same future
    for (const each of lines) each.values = lineValues(spec, each.line, runs[each.run], area, each.run);
    takeBands(found.lines);
    reserve(settled);
    axis.fit([...lines.map((each) => each.values), ...most.flatMap(ends)], settled);
    for (const each of lines) each.path.setAttribute("d", each.course ? path(each.course) : "");
    for (const { spread, band, median } of most) {
      band.setAttribute("d", spread ? between(spread.low, spread.high) : "");
      median.setAttribute("d", spread ? path(spread.median) : "");
    }
    svg.classList.toggle("most", Boolean(most[0].spread));
    if (!two) fill.setAttribute("d", most[0].spread ? "" : between(lines[2].values, lines[1].values));
    label();
  }

  const ends = ({ spread }) => (spread ? [spread.low, spread.high] : []);

  // Where there are many runs, a line's number is the median: the single run is only a thin line.
  function takeBands(bands) {
    for (const each of most) each.spread = bands ? bandOf(bands, each.line) : null;
    for (const each of lines) {
      each.course = each.values;
      const { spread } = most[spec.lines.indexOf(each.line)];
      if (spread && each.run === "plan" && each.values) each.values = spread.median;
      if (spread && each.run === "nothing" && each.values && spread.nothing) {
        each.values = each.course = spread.nothing;
      }
    }
  }
  function bandOf(bands, line) {
    const found = bands[spec.gain ? "gain" : line.output + (line.element ? `[${line.element}]` : "")];
    if (!found) return null;
    const scaled = (values) => values && values.map((value) => (value === null ? NaN : value * spec.scale));
    const [median, low, high] = [found.median, found.low, found.high].map(scaled);
    return { median, low, high, nothing: spec.gain ? null : scaled(found.nothing) };
  }

  function between(one, other) {
    const years = area.years.map((_, k) => k)
      .filter((k) => one && other && Number.isFinite(one[k]) && Number.isFinite(other[k]));
    const point = (values) => (k) => `${x(k).toFixed(1)} ${y(values[k]).toFixed(1)}`;
    if (!years.length) return "";
    return `M${[...years.map(point(one)), ...years.reverse().map(point(other))].join("L")}Z`;
  }

  function measure() {
    const box = host.getBoundingClientRect();
    if (Math.abs(box.width - size.width) < 1 && Math.abs(box.height - size.height) < 1) return;
    size.width = box.width; size.height = box.height;
    letter = parseFloat(getComputedStyle(svg).fontSize) || 13;
    size.right = 0;
    forgetFonts();
    svg.setAttribute("viewBox", `0 0 ${box.width} ${box.height}`);
    if (latest) draw(latest, true);
  }
  const resizing = new ResizeObserver(measure);
  resizing.observe(host);
  measure();

  const row = ({ run, line, values }) => ({ run, who: who(run), label: line.label, values });
  const named = (spread, run) => (spread && run !== "base" ? `${who(run)}, median` : who(run));
  const rows = () => lines.flatMap((each) => {
    const { spread } = most[spec.lines.indexOf(each.line)], own = { ...row(each), who: named(spread, each.run) };
    if (!spread || each.run !== "plan" || !each.values) return [own];
    const of = (title, values) => ({ run: "most", who: title, label: each.line.label, values });
    return [of("Single run at central values", each.course), of("8 in 10 runs, to", spread.high),
      of("8 in 10 runs, from", spread.low), own];
  });
  addPointerNote(host, svg, cross, rows, spec, area, (event) => {
    const across = event.clientX - svg.getBoundingClientRect().left - size.left;
    const year = Math.round((across / (size.width - size.left - size.right)) * last);
    const at = Math.min(last, Math.max(0, year));
    return { year: at, x: x(at), top: TOP, bottom: size.height - BOTTOM };
  });
  return { spec, svg, draw, rows, stop: () => resizing.disconnect() };
}
