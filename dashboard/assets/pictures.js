// "Save picture" under a chart drawn by Plotly: the picture with its question above it and what it is below.
(function () {
  "use strict";
  const HEAD = 46;
  const FOOT = 26;

  document.addEventListener("click", (event) => {
    const button = event.target.closest && event.target.closest("button[data-picture]");
    const frame = button && button.closest("figure");
    const graph = frame && frame.querySelector(".js-plotly-plot");
    if (graph && window.Plotly) save(graph, frame.querySelector("h3").textContent.trim());
  });

  async function save(graph, title) {
    const size = { width: graph.clientWidth, height: graph.clientHeight + HEAD + FOOT };
    const address = await window.Plotly.toImage(
      { data: graph.data, layout: framed(graph, title) }, { format: "png", scale: 2, ...size },
    );
    const link = document.createElement("a");
    link.href = address;
    const name = title.toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^_|_$/g, "");
    link.download = `dudley_${name}.png`;
    link.click();
  }

  function framed(graph, title) {
    const layout = JSON.parse(JSON.stringify(graph.layout));
    const margin = layout.margin || {};
    const line = { xref: "paper", yref: "paper", x: 0, xanchor: "left", showarrow: false };
    const foot = { ...line, y: 0, yanchor: "bottom", yshift: -FOOT - (graph._fullLayout._size.b || 0) };
    return Object.assign(layout, {
      autosize: false,
      height: undefined,
      paper_bgcolor: "#fff",
      plot_bgcolor: "#fff",
      margin: Object.assign(margin, { t: (margin.t || 0) + HEAD, b: (margin.b || 0) + FOOT }),
      title: { text: title, x: 0.01, xanchor: "left", y: 0.97, yanchor: "top", font: { size: 15 } },
      annotations: (layout.annotations || []).concat([
        Object.assign(foot, { text: "A model, not a forecast", font: { size: 11, color: "#4c6272" } }),
      ]),
    });
  }
})();
