// Text of Plotly's charts is measured once it is drawn: what would be cut gets room or is wrapped.
(function () {
  "use strict";
  const LINE = 25; // pixels that a further line of the names of bars needs, with the bar below it
  const ROUNDS = 3;

  // The names that stand above bars ("name" of an annotation), as wide as the chart.
  function wrapNames(graph, changes) {
    const { fontOf, wrap } = window.dudley.text, layout = graph.layout;
    const names = (layout.annotations || []).map((each, place) => [each, place])
      .filter(([each]) => each.name === "wrapped");
    const drawn = names.length && graph.querySelector(".annotation-text");
    if (!drawn) return;
    graph.dudleyHeight = graph.dudleyHeight || graph.clientHeight;
    const { l, w } = graph._fullLayout._size, font = fontOf(drawn), room = graph.clientWidth - l - 4;
    let most = 1;
    for (const [each, place] of names) {
      const lines = wrap(each.text.replace(/<br>/g, " "), font, Math.min(room, w + graph._fullLayout._size.r - 4));
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
    const { fontOf, width, wrap } = window.dudley.text, box = graph.getBoundingClientRect();
    for (const [kind, turned] of [["xaxis", false], ["yaxis", true]]) {
      const drawn = graph.querySelector(`.${kind[0]}title`), title = (graph.layout[kind] || {}).title;
      if (!drawn || !title || !title.text) continue;
      const font = fontOf(drawn), { w, h, l, r } = graph._fullLayout._size;
      const middle = l + w / 2, room = turned ? h : 2 * Math.min(middle, box.width - middle, w / 2 + r) - 4;
      const plain = title.text.replace(/<br>/g, " "), lines = wrap(plain, font, room);
      const text = width(plain, font) <= room ? plain : lines.join("<br>");
      if (text !== title.text) changes[`${kind}.title.text`] = text;
    }
  }

  // Room at the sides for names beside the ends of lines, and for numbers at the ends of bars.
  function widen(graph, changes) {
    const box = graph.getBoundingClientRect(), reach = (selector) => {
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

  function look() {
    if (!window.Plotly) return;
    for (const graph of document.querySelectorAll("#page .js-plotly-plot")) {
      if (graph.dudleyFits || !graph.on || !graph._fullLayout) continue;
      graph.dudleyFits = true;
      graph.on("plotly_afterplot", () => fit(graph));
      fit(graph);
    }
  }
  const begin = () => new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
  if (document.body) begin(); else document.addEventListener("DOMContentLoaded", begin);
})();
