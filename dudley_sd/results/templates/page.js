// Draws every chart in the form that fits the screen, and again when the screen changes.
"use strict";
(() => {
  const { config, charts } = JSON.parse(document.getElementById("figures").textContent);
  const narrow = window.matchMedia("(max-width: 760px)");

  // Titles of panels on as many lines as the measured width of their panel asks for, and room for these.
  const pen = document.createElement("canvas").getContext("2d");
  function wrapped(text, room) {
    const lines = [];
    for (const word of text.split(" ")) {
      const last = lines.length - 1, longer = lines.length ? `${lines[last]} ${word}` : word;
      if (lines.length && pen.measureText(longer).width <= room) lines[last] = longer; else lines.push(word);
    }
    return lines;
  }
  function fit(layout, width) {
    const titles = (layout.annotations || []).filter((each) => each.name === "panel");
    const columns = new Set(titles.map((each) => each.x.toFixed(3))).size;
    const inner = width - layout.margin.l - layout.margin.r, line = 18;
    let most = 1;
    for (const title of titles) {
      pen.font = `${title.font.size}px ${layout.font.family}`;
      const lines = wrapped(title.text, inner / columns - 4);
      most = Math.max(most, lines.length);
      title.text = lines.join("<br>");
    }
    const more = (most - 1) * line;
    if (!more) return;
    const panels = layout.height - layout.margin.t - layout.margin.b;
    layout.margin.t += more;
    layout.height += more;
    layout.legend.y += more / panels;
  }

  function draw() {
    for (const [id, forms] of Object.entries(charts)) {
      const { data, layout } = structuredClone(forms[narrow.matches ? "narrow" : "wide"]);
      const place = document.getElementById(id);
      fit(layout, place.clientWidth);
      place.style.setProperty(narrow.matches ? "--narrow" : "--wide", `${layout.height}px`);
      const options = { ...config, toImageButtonOptions: { filename: id, scale: 2 } };
      Plotly.react(id, data, layout, options);
    }
  }

  draw();
  narrow.addEventListener("change", draw);
  window.addEventListener("beforeprint", () => {
    document.querySelectorAll("details").forEach((details) => { details.open = true; });
  });
})();
