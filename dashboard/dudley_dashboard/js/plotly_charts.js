// Charts that Plotly draws: their text is measured once drawn, and what would be cut gets room or is wrapped;
// on paper they take the width of the sheet. Plotly itself is fetched while nobody waits.

import { make } from "./dom.js";
import { onChange } from "./observer.js";
import { fontOf, widthOf, wrap } from "./text_width.js";

const LINE = 25; // pixels that a further line of the names of bars needs, with the bar below it
const ROUNDS = 3;
const SHEET = 1030; // pixels between the margins of A4 across; see print.css

// The names that stand above bars ("name" of an annotation), as wide as the chart.
function wrapNames(graph, changes) {
  const { layout } = graph;
  const names = (layout.annotations || []).map((each, place) => [each, place])
    .filter(([each]) => each.name === "wrapped");
  const drawn = names.length && graph.querySelector(".annotation-text");
  if (!drawn) return;
  graph.dudleyHeight = graph.dudleyHeight || graph.clientHeight;
  const { l, w, r } = graph._fullLayout._size, font = fontOf(drawn), room = graph.clientWidth - l - 4;
  let most = 1;
  for (const [each, place] of names) {
    const lines = wrap(each.text.replace(/<br>/g, " "), font, Math.min(room, w + r - 4));
    most = Math.max(most, lines.length);
    if (each.text !== lines.join("<br>")) changes[`annotations[${place}].text`] = lines.join("<br>");
  }
  const height = graph.dudleyHeight + (most - 1) * LINE * names.length;
  const frame = graph.closest(".dash-graph");
  if (frame.clientHeight !== height || graph._fullLayout.height !== height) {
    frame.style.height = `${height}px`;
    Object.assign(changes, { height, autosize: true }); // without it Plotly keeps the width of now for good
  }
}

// Titles of axes that are wider than the chart.
function wrapTitles(graph, changes) {
  const box = graph.getBoundingClientRect();
  for (const [kind, turned] of [["xaxis", false], ["yaxis", true]]) {
    const drawn = graph.querySelector(`.${kind[0]}title`), title = (graph.layout[kind] || {}).title;
    if (!drawn || !title || !title.text) continue;
    const font = fontOf(drawn), { w, h, l, r } = graph._fullLayout._size;
    const middle = l + w / 2, room = turned ? h : 2 * Math.min(middle, box.width - middle, w / 2 + r) - 4;
    const plain = title.text.replace(/<br>/g, " "), lines = wrap(plain, font, room);
    const text = widthOf(plain, font) <= room ? plain : lines.join("<br>");
    if (text !== title.text) changes[`${kind}.title.text`] = text;
  }
}

// Room at the sides for names beside the ends of lines, and for numbers at the ends of bars.
function widen(graph, changes) {
  const box = graph.getBoundingClientRect();
  const reach = (selector) => {
    const boxes = [...graph.querySelectorAll(selector)].map((each) => each.getBoundingClientRect())
      .filter((each) => each.width);
    return [Math.max(0, ...boxes.map((each) => box.left + 1 - each.left)),
      Math.max(0, ...boxes.map((each) => each.right - box.right + 1))];
  };
  const [left, right] = reach(".annotation-text"), margin = graph.layout.margin || {};
  if (right > 1) changes["margin.r"] = Math.min((margin.r || 0) + Math.ceil(right), 0.4 * box.width);
  if (left > 1) changes["margin.l"] = Math.min((margin.l || 0) + Math.ceil(left), 0.4 * box.width);
  const [low, high] = reach(".bartext"), axis = graph.layout.xaxis || {};
  if (Math.max(low, high) > 1 && axis.range && typeof axis.range[0] === "number") {
    const pixel = (axis.range[1] - axis.range[0]) / graph._fullLayout._size.w;
    changes["xaxis.range"] = [axis.range[0] - 1.3 * low * pixel, axis.range[1] + 1.3 * high * pixel];
  }
}

const fits = (graph) => Math.abs(graph._fullLayout.width - graph.clientWidth) < 2;

async function fit(graph) {
  if (graph.dudleyBusy || !graph.isConnected || !graph.clientWidth || !graph._fullLayout) return;
  graph.dudleyBusy = true;
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const changes = {};
      if (!fits(graph)) { setTimeout(() => fit(graph), 250); break; } // it is about to be drawn anew
      wrapNames(graph, changes);
      wrapTitles(graph, changes);
      if (!Object.keys(changes).length) widen(graph, changes);
      if (!Object.keys(changes).length) break;
      await window.Plotly.relayout(graph, changes);
    }
  } finally { graph.dudleyBusy = false; }
}

const graphs = () => (window.Plotly ? [...document.querySelectorAll("#page .js-plotly-plot")] : []);

function fitNew() {
  for (const graph of graphs()) {
    if (graph.dudleyFits || !graph.on || !graph._fullLayout) continue;
    graph.dudleyFits = true;
    graph.on("plotly_afterplot", () => fit(graph));
    fit(graph);
  }
}

function toPaper(on) {
  const page = document.getElementById("page"), drawn = graphs().filter((graph) => graph.data);
  if (!page || !(on ? drawn.length : page.classList.contains("on-paper"))) return;
  page.style.width = on ? `${SHEET}px` : "";
  page.classList.toggle("on-paper", on);
  for (const graph of drawn) {
    window.Plotly.relayout(graph, on ? { width: graph.parentElement.clientWidth } : { width: null, autosize: true });
  }
}

// Other pages draw with Plotly, which is large.
function fetchPlotly() {
  const address = window._dashPlotlyJSURL;
  if (!address || window.Plotly || !address.startsWith("/")) return;
  document.head.append(make("link", { rel: "prefetch", href: address }));
}

export function watchCharts() {
  onChange(fitNew);
  window.addEventListener("beforeprint", () => toPaper(true));
  window.addEventListener("afterprint", () => toPaper(false));
  window.addEventListener("load", () => setTimeout(fetchPlotly, 2500));
}
