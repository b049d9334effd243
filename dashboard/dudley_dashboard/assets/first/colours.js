// Light or dark, before anything is painted: what was chosen here before, else what the system prefers. A
// classic script, since a module would come after the first paint.
(function () {
  "use strict";
  const KEY = "mantine-color-scheme-value", ATTRIBUTE = "data-mantine-color-scheme";
  const root = document.documentElement;
  let chosen = null;
  try { chosen = localStorage.getItem(KEY); } catch (_) { /* storage is refused */ }
  if (chosen !== "light" && chosen !== "dark") {
    chosen = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  }
  root.setAttribute(ATTRIBUTE, chosen);

  document.addEventListener("click", (event) => {
    if (!(event.target.closest && event.target.closest("#colours"))) return;
    const next = root.getAttribute(ATTRIBUTE) === "dark" ? "light" : "dark";
    try { localStorage.setItem(KEY, next); } catch (_) { /* storage is refused */ }
    root.setAttribute(ATTRIBUTE, next);
  });
})();
