// Plotly's pictures keep the width of the window: on paper they take that of the sheet.
(function () {
  "use strict";
  const SHEET = 1030; // pixels between the margins of A4 across; see print.css

  function graphs() {
    const found = window.Plotly ? document.querySelectorAll("#page .js-plotly-plot") : [];
    return [...found].filter((graph) => graph.data);
  }

  window.addEventListener("beforeprint", () => {
    const page = document.getElementById("page");
    if (!page || !graphs().length) return;
    page.style.width = `${SHEET}px`;
    page.classList.add("on-paper");
    for (const graph of graphs()) window.Plotly.relayout(graph, { width: graph.parentElement.clientWidth });
  });

  window.addEventListener("afterprint", () => {
    const page = document.getElementById("page");
    if (!page || !page.classList.contains("on-paper")) return;
    page.style.width = "";
    page.classList.remove("on-paper");
    for (const graph of graphs()) window.Plotly.relayout(graph, { width: null, autosize: true });
  });
})();
