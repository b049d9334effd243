// The pointer over a chart: a line at its year, and a note of the numbers there.

import { make } from "../dom.js";
import { formatNumber } from "../numbers.js";

// A row: {who, label, values}, a line of the chart as it is.
export const rowTitle = (row) => row.who + (row.label ? ", " + row.label.toLowerCase() : "");
export const hasValue = (row, year) => row.values && Number.isFinite(row.values[year]);

// rows(): the rows of now; where(event) -> {year, x, top, bottom}.
export function addPointerNote(host, svg, cross, rows, spec, area, where) {
  const note = make("div", { class: "explore-note", hidden: true, "aria-hidden": "true" });
  host.append(note);
  host.addEventListener("pointermove", (event) => {
    if (event.pointerType === "touch") return;
    const at = where(event), width = svg.getBoundingClientRect().width, right = at.x > width / 2;
    const ends = { x1: at.x, x2: at.x, y1: at.top, y2: at.bottom, visibility: "visible" };
    for (const [name, value] of Object.entries(ends)) cross.setAttribute(name, value);
    const words = rows().filter((row) => hasValue(row, at.year)).reverse()
      .map((row) => `${rowTitle(row)}: ${formatNumber(row.values[at.year], Math.max(1, spec.decimals))}`);
    note.replaceChildren(make("strong", {}, String(area.years[at.year])),
      ...words.map((text) => make("div", {}, text)));
    note.hidden = false;
    note.style.left = right ? "auto" : at.x + 12 + "px";
    note.style.right = right ? width - at.x + 12 + "px" : "auto";
  });
  host.addEventListener("pointerleave", () => {
    cross.setAttribute("visibility", "hidden");
    note.hidden = true;
  });
}
