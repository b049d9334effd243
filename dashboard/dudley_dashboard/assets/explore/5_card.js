// Around a chart: its title to choose another by, unit, numbers, source, and what the pointer is at.
(function () {
  "use strict";
  const E = (window.dudleyExplore = window.dudleyExplore || {});
  const named = (row) => row.who + (row.label ? ", " + row.label.toLowerCase() : "");
  const there = (row, year) => row.values && Number.isFinite(row.values[year]);

  // rows(): the lines as they are, {who, label, values}.
  E.pointAt = function (host, svg, cross, rows, spec, area, where) {
    const note = E.make("div", { class: "explore-note", hidden: true, "aria-hidden": "true" });
    host.append(note);
    host.addEventListener("pointermove", (event) => {
      if (event.pointerType === "touch") return;
      const at = where(event), width = svg.getBoundingClientRect().width, right = at.x > width / 2;
      const ends = { x1: at.x, x2: at.x, y1: at.top, y2: at.bottom, visibility: "visible" };
      for (const [name, value] of Object.entries(ends)) cross.setAttribute(name, value);
      const words = rows().filter((row) => there(row, at.year)).reverse()
        .map((row) => `${named(row)}: ${E.number(row.values[at.year], Math.max(1, spec.decimals))}`);
      note.replaceChildren(E.make("strong", {}, String(area.years[at.year])),
        ...words.map((text) => E.make("div", {}, text)));
      note.hidden = false;
      note.style.left = right ? "auto" : at.x + 12 + "px";
      note.style.right = right ? width - at.x + 12 + "px" : "auto";
    });
    host.addEventListener("pointerleave", () => {
      cross.setAttribute("visibility", "hidden");
      note.hidden = true;
    });
  };

  // One of the four places for charts; choose(key) is called when the reader picks another.
  E.makeCard = function (place, area, choose) {
    const label = `Chart ${place + 1}: choose a question`;
    const picker = E.make("select",
      { class: "explore-title", "aria-label": label, onchange: () => choose(picker.value) },
      ...area.charts.map((spec) => E.make("option", { value: spec.key }, spec.title)));
    const asks = E.make("span", { "aria-hidden": "true" });
    const picked = E.make("div", { class: "explore-picked" }, asks, picker);
    const unit = E.make("p", { class: "unit" }), host = E.make("div", { class: "explore-plot" });
    const says = E.make("p", {}), source = E.make("p", { class: "source" });
    const table = E.makeTable(`Numbers of chart ${place + 1}`);
    const numbers = E.make("details", { ontoggle: () => fill() },
      E.make("summary", {}, "Numbers"), ...table.elements);
    const about = E.make("details", {}, E.make("summary", {}, "What this shows",
      E.make("span", { class: "hidden-words" }, " and where it is from")), says, source);
    const save = () => E.savePicture(chart.svg, chart.spec, latestTitle, area);
    const picture = E.make("button", { type: "button", class: "explore-link", onclick: save }, "Picture");
    const heading = E.make("h3", { class: "hidden-words" });
    const printed = E.make("p", { class: "explore-printed" });
    const under = E.make("div", { class: "explore-under" }, about, numbers, picture);
    const card = E.make("figure", { class: "chart explore-card" },
      heading, picked, unit, host, under, printed);
    let chart = null, latest = null, latestTitle = "", seen = true, stale = false;
    const watching = new IntersectionObserver((entries) => {
      seen = entries[entries.length - 1].isIntersecting;
      if (seen && stale) draw(...latest);
    }, { rootMargin: "100px" });
    watching.observe(card);

    function show(key) {
      const spec = area.charts.find((each) => each.key === key);
      if (chart) chart.stop();
      picker.value = key;
      heading.textContent = spec.title;
      asks.textContent = spec.title;
      unit.textContent = spec.unit;
      says.textContent = spec.says + (area.extrapolated ? " " + E.starWords(area) : "");
      source.textContent = E.sourceOf(spec, area);
      printed.textContent = E.shortSource(spec, area);
      const plot = E.make("div", { class: "explore-plot-in" });
      host.replaceChildren(plot);
      chart = E.makeChart(plot, spec, area);
      if (latest) draw(...latest);
    }

    // Charts out of sight wait until they are seen.
    function draw(plan, base, settled, title) {
      latest = [plan, base, settled, title]; latestTitle = title;
      stale = !seen && !settled;
      if (stale) return;
      chart.draw(plan, base, settled);
      if (settled) { fill(); chart.svg.setAttribute("aria-label", inWords(chart, area)); }
    }

    function fill() {
      if (!numbers.open) return;
      const rows = chart.rows().reverse().filter((row) => row.values);
      const decimals = Math.max(1, chart.spec.decimals);
      const line = (year, at) => [String(year), ...rows.map((row) => E.number(row.values[at], decimals))];
      table.fill(`${chart.spec.title} ${chart.spec.unit}`, ["Mid-year", ...rows.map(named)],
        area.years.map(line));
    }
    const stop = () => { watching.disconnect(); if (chart) chart.stop(); };
    return { element: card, show, draw, stop, get key() { return chart && chart.spec.key; } };
  };

  // A table that is moved sideways where it is wider than its place, and says so.
  E.makeTable = function (label) {
    const table = E.make("div", { class: "numbers", tabindex: "0", role: "region", "aria-label": label });
    const hint = E.make(
      "p", { class: "explore-aside", hidden: true }, "Move the table sideways for more →");
    function fill(caption, head, body) {
      const cells = (tag, scope, texts) => texts.map((text) => E.make(tag, scope ? { scope } : {}, text));
      table.replaceChildren(E.make("table", {}, E.make("caption", {}, caption),
        E.make("thead", {}, E.make("tr", {}, ...cells("th", "col", head))),
        E.make("tbody", {}, ...body.map(([first, ...rest]) =>
          E.make("tr", {}, ...cells("th", "row", [first]), ...cells("td", "", rest))))));
      hint.hidden = table.scrollWidth <= table.clientWidth + 1;
    }
    return { elements: [hint, table], fill };
  };

  function inWords(chart, area) {
    const last = area.years.length - 1, parts = chart.rows().filter((row) => there(row, last))
      .map((row) => `${named(row)} ${E.number(row.values[last], chart.spec.decimals)}`);
    const { title, unit } = chart.spec;
    return `${title} ${unit}. In ${area.years[last]}: ${parts.join("; ")}. The years are under Numbers.`;
  }
})();
