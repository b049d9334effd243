// Around a chart: its title to choose another by, unit, numbers, source, a picture to keep, and what the pointer is at.
(function () {
  "use strict";
  const E = (window.dudleyExplore = window.dudleyExplore || {});

  E.pointAt = function (host, svg, cross, rows, spec, area, where) {
    const note = E.make("div", { class: "explore-note", hidden: true, "aria-hidden": "true" });
    host.append(note);
    host.addEventListener("pointermove", (event) => {
      if (event.pointerType === "touch") return;
      const at = where(event);
      for (const [name, value] of Object.entries({ x1: at.x, x2: at.x, y1: at.top, y2: at.bottom, visibility: "visible" })) cross.setAttribute(name, value);
      const words = rows().filter((l) => l.values && Number.isFinite(l.values[at.year])).reverse()
        .map((l) => `${l.who}${l.label ? ", " + l.label.toLowerCase() : ""}: ${E.number(l.values[at.year], Math.max(1, spec.decimals))}`);
      note.replaceChildren(E.make("strong", {}, String(area.years[at.year])), ...words.map((text) => E.make("div", {}, text)));
      note.hidden = false;
      const right = at.x > svg.getBoundingClientRect().width / 2;
      note.style.left = right ? "auto" : at.x + 12 + "px";
      note.style.right = right ? svg.getBoundingClientRect().width - at.x + 12 + "px" : "auto";
    });
    host.addEventListener("pointerleave", () => { cross.setAttribute("visibility", "hidden"); note.hidden = true; });
  };

  // One of the four places for charts; choose(key) is called when the reader picks another.
  E.makeCard = function (place, area, choose) {
    const picker = E.make("select", { class: "explore-title", "aria-label": `Chart ${place + 1}: choose a question`, onchange: () => choose(picker.value) },
      ...area.charts.map((spec) => E.make("option", { value: spec.key }, spec.title)));
    const unit = E.make("p", { class: "unit" }), host = E.make("div", { class: "explore-plot" }), says = E.make("p", {}), source = E.make("p", { class: "source" });
    const table = E.make("div", { class: "numbers", tabindex: "0", role: "region", "aria-label": `Numbers of chart ${place + 1}` });
    const numbers = E.make("details", { ontoggle: () => fill() }, E.make("summary", {}, "Numbers"), table);
    const about = E.make("details", {}, E.make("summary", {}, "What this shows", E.make("span", { class: "hidden-words" }, " and where it is from")), says, source);
    const picture = E.make("button", { type: "button", class: "explore-link", onclick: () => E.savePicture(chart.svg, chart.spec, latestTitle) }, "Picture");
    const heading = E.make("h3", { class: "hidden-words" });
    const card = E.make("figure", { class: "chart explore-card" }, heading, picker, unit, host, E.make("div", { class: "explore-under" }, about, numbers, picture));
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
      unit.textContent = spec.unit;
      says.textContent = spec.says + (area.extrapolated ? ` * From ${area.extrapolated} on the projection of people does not reach; its last rates carry on.` : "");
      source.textContent = "Source: this model, run here. " + spec.rests_on.map((name) => restsOn(name, area)).join(" ");
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
      const rows = chart.rows().reverse().filter((row) => row.values), decimals = Math.max(1, chart.spec.decimals);
      const name = (row) => row.who + (row.label ? ", " + row.label.toLowerCase() : "");
      table.replaceChildren(E.make("table", {}, E.make("caption", {}, `${chart.spec.title} ${chart.spec.unit}`),
        E.make("thead", {}, E.make("tr", {}, E.make("th", { scope: "col" }, "Mid-year"), ...rows.map((row) => E.make("th", { scope: "col" }, name(row))))),
        E.make("tbody", {}, ...area.years.map((year, k) => E.make("tr", {}, E.make("th", { scope: "row" }, String(year)), ...rows.map((row) => E.make("td", {}, E.number(row.values[k], decimals))))))));
    }
    return { element: card, show, draw, stop: () => { watching.disconnect(); if (chart) chart.stop(); }, get key() { return chart && chart.spec.key; } };
  };

  function restsOn(name, area) {
    const known = area.numbers[name];
    if (!known) return "";
    const unit = area.units[(area.limits[E.leverOf(name)] || [])[3]];
    const from = known.source ? `${known.source}${known.locator ? ", " + known.locator : ""}` : known.note;
    return `${E.addressWords(name, area)}: ${E.number(known.central, known.central % 1 ? 3 : 0).replace(/(\.\d*?)0+$/, "$1")}${unit && unit !== "ratio" ? " " + unit : ""} (${known.status}; ${from}).`;
  }

  function inWords(chart, area) {
    const last = area.years.length - 1;
    const parts = chart.rows().filter((row) => row.values && Number.isFinite(row.values[last]))
      .map((row) => `${row.who.toLowerCase()}${row.label ? " " + row.label.toLowerCase() : ""} ${E.number(row.values[last], chart.spec.decimals)}`);
    return `${chart.spec.title} ${chart.spec.unit}. In ${area.years[last]}: ${parts.join(", ")}. The years are under Numbers.`;
  }

  // A PNG of the chart as it is seen, with its title, unit and what was run.
  E.savePicture = function (svg, spec, title) {
    const box = svg.viewBox.baseVal, copy = svg.cloneNode(true), paper = getComputedStyle(document.documentElement).getPropertyValue("--card");
    const from = svg.querySelectorAll("*"), to = copy.querySelectorAll("*");
    from.forEach((element, place) => {
      const style = getComputedStyle(element);
      for (const name of ["fill", "stroke", "stroke-width", "stroke-dasharray", "font", "visibility", "fill-opacity"]) to[place].style.setProperty(name, style.getPropertyValue(name));
    });
    copy.setAttribute("width", box.width); copy.setAttribute("height", box.height);
    const image = new Image(), scale = 2, head = 66;
    image.onload = () => {
      const canvas = E.make("canvas", { width: box.width * scale, height: (box.height + head + 22) * scale }), pen = canvas.getContext("2d");
      const ink = getComputedStyle(document.body).color;
      pen.scale(scale, scale);
      pen.fillStyle = paper; pen.fillRect(0, 0, box.width, box.height + head + 22);
      pen.fillStyle = ink;
      pen.font = "bold 17px Arial, sans-serif"; pen.fillText(spec.title, 10, 24);
      pen.font = "12px Arial, sans-serif"; pen.fillText(spec.unit, 10, 42); pen.fillText(title, 10, 58, box.width - 20);
      pen.drawImage(image, 0, head, box.width, box.height);
      pen.fillText("A model, not a forecast", 10, box.height + head + 14);
      canvas.toBlob((blob) => {
        const link = E.make("a", { href: URL.createObjectURL(blob), download: `dudley_${spec.key}.png` });
        link.click();
        setTimeout(() => URL.revokeObjectURL(link.href), 10000);
      });
    };
    image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(new XMLSerializer().serializeToString(copy));
  };
})();
