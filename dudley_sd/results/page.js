// Draws every chart in the form that fits the screen, and again when the screen changes.
"use strict";
(() => {
  const { config, charts } = JSON.parse(document.getElementById("figures").textContent);
  const narrow = window.matchMedia("(max-width: 760px)");

  function draw() {
    for (const [id, forms] of Object.entries(charts)) {
      const { data, layout } = structuredClone(forms[narrow.matches ? "narrow" : "wide"]);
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
