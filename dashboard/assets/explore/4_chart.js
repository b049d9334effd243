// A chart of lines over the years, made once; a run only moves its paths. The same answer as a full redraw, in under a millisecond.
(function () {
  "use strict";
  const E = (window.dudleyExplore = window.dudleyExplore || {});
  const TOP = 12, BOTTOM = 26, LEFT = 46;

  // host: element to draw into; spec: from dashboard.charts; returns {draw, element, spec}.
  E.makeChart = function (host, spec, area) {
    const years = area.years, svg = E.make("svg", { class: "explore-svg", role: "img", "aria-label": spec.title });
    const grid = E.make("g", {}), fill = E.make("path", { class: "explore-between" });
    const lines = [];
    const add = (run, line, second) => {
      const path = E.make("path", { class: `explore-line ${run}${second ? " second" : ""}` });
      const dot = E.make("circle", { class: `explore-dot ${run}${second ? " second" : ""}`, r: run === "base" ? 3 : 4.5 });
      const name = E.make("text", { class: `explore-label ${run}` }, " ");
      lines.push({ run, line, path, dot, name, values: null });
    };
    for (const run of ["base", "plan"]) spec.lines.forEach((line, place) => add(run, line, spec.lines.length > 1 && place === 0));
    const nothing = E.make("text", { class: "explore-tick", x: LEFT + 12, y: TOP + 40 }, " ");
    const cross = E.make("line", { class: "explore-cross", visibility: "hidden" });
    svg.append(grid, ...(spec.lines.length === 1 ? [fill] : []), cross, nothing, ...lines.flatMap((l) => [l.path, l.dot]), ...lines.map((l) => l.name));
    host.replaceChildren(svg);
    const size = { width: 0, height: 0, right: 0 };
    let low = 0, high = 1, axis = "", latest = null, letter = 13;

    const x = (year) => LEFT + ((size.width - LEFT - size.right) * year) / (years.length - 1);
    const y = (value) => TOP + (size.height - TOP - BOTTOM) * (1 - (value - low) / (high - low));

    // Widens the axis when a line leaves it; draws it anew only when settled, so that it stands still under a moving thumb.
    function range(settled) {
      let least = spec.from_zero ? 0 : Infinity, most = -Infinity;
      for (const { values } of lines) if (values) for (const value of values) if (Number.isFinite(value)) { least = Math.min(least, value); most = Math.max(most, value); }
      if (!Number.isFinite(least) || !Number.isFinite(most)) [least, most] = [0, spec.scale === 100 ? 100 : 1];
      const zero = spec.gain || spec.better === "high" || spec.key === "gp_gap" || spec.key === "beds";
      if (zero) { least = Math.min(least, 0); most = Math.max(most, 0); }
      if (!settled && axis && least >= low && most <= high) return;
      const [from, to, step] = nice(least, most);
      if (!settled && axis) { low = Math.min(low, from); high = Math.max(high, to); } else { low = from; high = to; }
      const key = [low, high, size.width, size.height].join();
      if (key === axis) return;
      axis = key;
      drawAxis(step);
    }

    function drawAxis(step) {
      const marks = [], first = Math.ceil(low / step - 1e-9) * step;
      for (let value = first; value <= high + step * 1e-6; value += step) {
        const at = y(value), zero = Math.abs(value) < step * 1e-6;
        marks.push(E.make("line", { class: zero ? "explore-zero" : "explore-grid", x1: LEFT, x2: size.width - size.right, y1: at, y2: at }));
        marks.push(E.make("text", { class: "explore-tick", x: LEFT - 7, y: at + 4, "text-anchor": "end" }, E.number(value, decimalsOf(step))));
      }
      for (const year of [2018, 2023, 2028, 2033]) {
        const place = years.indexOf(year);
        if (place < 0) continue;
        const star = area.extrapolated !== null && year >= area.extrapolated ? "*" : "";
        marks.push(E.make("text", { class: "explore-tick", x: x(place), y: size.height - 7, "text-anchor": place ? "middle" : "start" }, year + star));
        marks.push(E.make("line", { class: "explore-zero", x1: x(place), x2: x(place), y1: size.height - BOTTOM, y2: size.height - BOTTOM + 4 }));
      }
      grid.replaceChildren(...marks);
    }

    function path(values) {
      let text = "", pen = "M";
      for (let k = 0; k < values.length; k++) {
        if (!Number.isFinite(values[k])) { pen = "M"; continue; }
        text += pen + x(k).toFixed(1) + " " + y(values[k]).toFixed(1);
        pen = "L";
      }
      return text;
    }

    // Names stand at the ends of their lines, pushed apart where lines meet.
    function label() {
      const last = years.length - 1, shown = [];
      for (const l of lines) {
        const value = l.values && l.values[last], there = Number.isFinite(value);
        for (const element of [l.dot, l.name]) element.setAttribute("visibility", there ? "visible" : "hidden");
        if (!there) continue;
        const at = y(value);
        l.dot.setAttribute("cx", x(last)); l.dot.setAttribute("cy", at);
        const who = l.line.label ? (l.run === "base" ? "base" : l.line.label) : l.run === "base" ? "Baseline" : "Your plan";
        E.write(l.name, (l.line.label && l.run === "base" ? l.line.label + ", base " : who + " ") + E.number(value, spec.decimals));
        shown.push({ l, at });
      }
      shown.sort((a, b) => a.at - b.at);
      let above = -Infinity, below = size.height - BOTTOM + 4 + letter;
      for (const each of shown) { each.to = Math.max(each.at, above + letter + 3); above = each.to; }
      for (const each of shown.reverse()) { each.to = Math.min(each.to, below - letter - 3); below = each.to; }
      E.write(nothing, shown.length ? " " : "No shift is planned: there is nothing to land.");
      nothing.setAttribute("visibility", shown.length ? "hidden" : "visible");
      for (const { l, to } of shown) { l.name.setAttribute("x", x(last) + 9); l.name.setAttribute("y", to + 4); }
    }

    function draw(plan, base, settled) {
      latest = [plan, base];
      if (!size.width) return;
      for (const l of lines) l.values = valuesOf(spec, l.line, l.run === "plan" ? plan : base, area, l.run);
      range(settled);
      for (const l of lines) l.path.setAttribute("d", l.values ? path(l.values) : "");
      if (spec.lines.length === 1) fill.setAttribute("d", between(lines[0].values, lines[1].values));
      label();
    }

    function between(one, other) {
      if (!one || !other || [...one, ...other].some((value) => !Number.isFinite(value))) return "";
      let text = path(one);
      for (let k = other.length - 1; k >= 0; k--) text += "L" + x(k).toFixed(1) + " " + y(other[k]).toFixed(1);
      return text + "Z";
    }

    function measure() {
      const box = host.getBoundingClientRect();
      if (Math.abs(box.width - size.width) < 1 && Math.abs(box.height - size.height) < 1) return;
      size.width = box.width; size.height = box.height;
      letter = parseFloat(getComputedStyle(svg).fontSize) || 13;
      size.right = Math.round(letter * (spec.lines.length > 1 ? 9.6 : 8.6)) + 6;
      svg.setAttribute("viewBox", `0 0 ${box.width} ${box.height}`);
      if (latest) draw(latest[0], latest[1], true);
    }
    const rows = () => lines.map((l) => ({ who: l.run === "plan" ? "Your plan" : "Baseline", label: l.line.label, values: l.values }));
    const resizing = new ResizeObserver(measure);
    resizing.observe(host);
    measure();
    E.pointAt(host, svg, cross, rows, spec, area, (event) => {
      const box = svg.getBoundingClientRect(), share = (event.clientX - box.left - LEFT) / (size.width - LEFT - size.right);
      const year = Math.min(years.length - 1, Math.max(0, Math.round(share * (years.length - 1))));
      return { year, x: x(year), top: TOP, bottom: size.height - BOTTOM };
    });
    return { spec, svg, draw, stop: () => resizing.disconnect(), rows };
  };

  // The numbers of a line, in the chart's unit; null where there is nothing to show.
  function valuesOf(spec, line, results, area, run) {
    if (!results) return null;
    if (spec.gain) return run === "base" ? new Float64Array(area.years.length) : E.gain(results.run, results.without, area).map((value) => value * spec.scale);
    const values = E.series(results.run, area, line.output, line.element).map((value) => value * spec.scale);
    if (!spec.needs_shift) return values;
    const needed = E.series(results.run, area, "community_contacts_needed");
    return values.map((value, year) => (needed[year] > 0 ? value : NaN));
  }
  E.valuesOf = valuesOf;

  function nice(least, most) {
    const spread = most - least || Math.abs(most) || 1, rough = spread / 4, power = 10 ** Math.floor(Math.log10(rough));
    const step = power * [1, 2, 2.5, 5, 10].find((each) => each * power >= rough);
    return [Math.floor(least / step + 1e-9) * step, Math.ceil(most / step - 1e-9) * step || step, step];
  }
  const decimalsOf = (step) => Math.max(0, Math.min(3, -Math.floor(Math.log10(step) + 1e-9) + (/^[25]?25/.test(String(step).replace(/[.0]/g, "")) ? 1 : 0)));
})();
