// A chart of lines over the years, made once; a run only moves its paths. The same answer as a full redraw,
// in under a millisecond.
(function () {
  "use strict";
  const E = (window.dudleyExplore = window.dudleyExplore || {});
  const { TOP, BOTTOM } = E.CHART, BESIDE = 9, STEP = 8;
  const RUNS = ["base", "nothing", "plan"];
  const DOTS = { base: 2.5, nothing: 3, plan: 4.5 };

  E.RUN_WORDS = {
    plan: "Your plan", before: "Before your change", base: "Reference case", nothing: "Do nothing",
  };
  const NONE = "No shift is planned: there is nothing to land.";
  const SHORT = { before: "Before", base: "Reference" };

  // host: element to draw into; spec: from dudley_dashboard.charts; returns {draw, spec, svg, rows, stop}.
  E.makeChart = function (host, spec, area) {
    const svg = E.make("svg", { class: "explore-svg", role: "img", "aria-label": spec.title });
    const grid = E.make("g", {}), fill = E.make("path", { class: "explore-between" });
    const two = spec.lines.length > 1, last = area.years.length - 1;
    const lines = RUNS.flatMap((run) => spec.lines.map((line, place) => {
      const second = two && place === 0 ? " second" : "";
      return {
        run, line, values: null,
        path: E.make("path", { class: `explore-line ${run}${second}` }),
        dot: E.make("circle", { class: `explore-dot ${run}${second}`, r: DOTS[run] }),
        name: E.make("text", { class: `explore-label ${run}` }, " "),
      };
    }));
    // Of the plan's lines: where 8 in 10 runs lie, and their median.
    const most = spec.lines.map((line, place) => ({
      line, told: null,
      band: E.make("path", { class: `explore-band${two && place === 0 ? " second" : ""}` }),
      median: E.make("path", { class: `explore-median${two && place === 0 ? " second" : ""}` }),
    }));
    const empty = E.make("text", { class: "explore-tick", y: TOP + 40 });
    const cross = E.make("line", { class: "explore-cross", visibility: "hidden" });
    svg.append(grid, ...(two ? [] : [fill]), ...most.map((each) => each.band), cross, empty);
    svg.append(...lines.flatMap((each) => [each.path, each.dot]), ...most.map((each) => each.median),
      ...lines.map((each) => each.name));
    host.replaceChildren(svg);
    const size = { width: 0, height: 0, left: 0, right: 0 }, axis = E.makeAxis(grid, spec, area, size);
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
    const before = () => latest && latest[0].before;
    const who = (run) => (run === "plan" && before() ? E.RUN_WORDS.before : E.RUN_WORDS[run]);
    const short = (run) => SHORT[run === "plan" && before() ? "before" : run] || who(run);

    // A chart of two lines has no room for the names of six; the key above tells them.
    function words({ run, line }, value) {
      const number = latest[0].between ? "" : " " + E.number(value, spec.decimals);
      if (!line.label) return short(run) + number;
      return (run === "nothing" ? line.label + ", do nothing" : line.label) + number;
    }

    const isNamed = (each) => each.values && Number.isFinite(each.values[last]) &&
      !(two && each.run === "base");

    // Room for the widest name, as it is written: more as soon as it is needed, less once all is settled.
    function reserve(settled) {
      let wide = E.textWidth(`${area.years[last]}*`, "explore-tick", svg) / 2;
      for (const each of lines.filter(isNamed)) {
        const written = words(each, each.values[last]);
        wide = Math.max(wide, BESIDE + E.textWidth(written, `explore-label ${each.run}`, svg));
      }
      const right = Math.min(STEP * Math.ceil((wide + 2) / STEP), 0.6 * size.width);
      if (settled || right > size.right) size.right = right;
    }

    // Names stand at the ends of their lines, pushed apart where lines meet.
    function label() {
      const shown = [];
      for (const each of lines) {
        const value = each.values && each.values[last], there = Number.isFinite(value);
        const named = isNamed(each);
        each.dot.setAttribute("visibility", there ? "visible" : "hidden");
        each.name.setAttribute("visibility", named ? "visible" : "hidden");
        if (!there) continue;
        const at = y(value);
        each.dot.setAttribute("cx", x(last)); each.dot.setAttribute("cy", at);
        if (!named) continue;
        E.write(each.name, words(each, value));
        shown.push({ each, at });
      }
      shown.sort((a, b) => a.at - b.at);
      let above = -Infinity, below = size.height - BOTTOM + 4 + letter;
      for (const one of shown) { one.to = Math.max(one.at, above + letter + 3); above = one.to; }
      for (const one of shown.reverse()) { one.to = Math.min(one.to, below - letter - 3); below = one.to; }
      if (!shown.length) E.writeLines(empty, NONE, size.left + 12, size.width - size.left - 20);
      empty.setAttribute("visibility", shown.length ? "hidden" : "visible");
      for (const { each, to } of shown) {
        each.name.setAttribute("x", x(last) + BESIDE);
        each.name.setAttribute("y", to + 4);
      }
    }

    // plan: {run, without, apart}: apart where do nothing in its future is not the reference case.
    function draw(plan, base, settled) {
      latest = [plan, base];
      if (!size.width) return;
      const runs = { plan, base: plan.apart ? base : null, nothing: { run: plan.without } };
      if (spec.gain) runs.base = null; // what is gained is gained over do nothing in the same future
      for (const each of lines) each.values = E.valuesOf(spec, each.line, runs[each.run], area, each.run);
      takeMost(plan.lines);
      reserve(settled);
      axis.fit([...lines.map((each) => each.values), ...most.flatMap(ends)], settled);
      for (const each of lines) each.path.setAttribute("d", each.path_of ? path(each.path_of) : "");
      for (const { told, band, median } of most) {
        band.setAttribute("d", told ? between(told.low, told.high) : "");
        median.setAttribute("d", told ? path(told.median) : "");
      }
      svg.classList.toggle("most", Boolean(most[0].told));
      if (!two) fill.setAttribute("d", most[0].told ? "" : between(lines[2].values, lines[1].values));
      label();
    }

    const ends = ({ told }) => (told ? [told.low, told.high] : []);

    // Where there are many runs, a line's number is the median: the single run is only a thin line.
    function takeMost(bands) {
      for (const each of most) each.told = bands ? bandOf(bands, each.line) : null;
      for (const each of lines) {
        each.path_of = each.values;
        const { told } = most[spec.lines.indexOf(each.line)];
        if (told && each.run === "plan" && each.values) each.values = told.median;
        if (told && each.run === "nothing" && each.values && told.nothing) {
          each.values = each.path_of = told.nothing;
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
      E.forgetFonts();
      svg.setAttribute("viewBox", `0 0 ${box.width} ${box.height}`);
      if (latest) draw(latest[0], latest[1], true);
    }
    const resizing = new ResizeObserver(measure);
    resizing.observe(host);
    measure();

    const row = ({ run, line, values }) => ({ run, who: who(run), label: line.label, values });
    const named = (told, run) => (told && run !== "base" ? `${who(run)}, median` : who(run));
    const rows = () => lines.flatMap((each) => {
      const { told } = most[spec.lines.indexOf(each.line)], own = { ...row(each), who: named(told, each.run) };
      if (!told || each.run !== "plan" || !each.values) return [own];
      const of = (who, values) => ({ run: "most", who, label: each.line.label, values });
      return [of("Single run at central values", each.path_of), of("8 in 10 runs, to", told.high),
        of("8 in 10 runs, from", told.low), own];
    });
    E.pointAt(host, svg, cross, rows, spec, area, (event) => {
      const across = event.clientX - svg.getBoundingClientRect().left - size.left;
      const year = Math.round((across / (size.width - size.left - size.right)) * last);
      const at = Math.min(last, Math.max(0, year));
      return { year: at, x: x(at), top: TOP, bottom: size.height - BOTTOM };
    });
    return { spec, svg, draw, rows, stop: () => resizing.disconnect() };
  };
})();
