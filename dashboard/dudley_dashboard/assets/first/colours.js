// Light or dark, before anything is painted: what was chosen here before, else what the system prefers.
(function () {
  "use strict";
  let chosen = null;
  try { chosen = localStorage.getItem("mantine-color-scheme-value"); } catch (_) { /* storage is refused */ }
  if (chosen !== "light" && chosen !== "dark") {
    chosen = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  }
  document.documentElement.setAttribute("data-mantine-color-scheme", chosen);
})();
