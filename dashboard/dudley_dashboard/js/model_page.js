// The page How it works: its diagrams, and links that are followed without loading the page anew.

import { changedPairs, setSearch, visit, writeSearch } from "./address.js";
import { drawDiagram } from "./diagrams.js";
import { onPlainClick, prefersStillness } from "./dom.js";
import { onElement } from "./observer.js";

const NARROW = 620; // pixels of room below which diagrams stand upright
let diagrams = [];
let focus = null; // id of the heading that a link leads to
let drawnNarrow = null;

function drawAll() {
  const page = document.getElementById("model-page");
  if (!page) return;
  drawnNarrow = page.clientWidth < NARROW;
  diagrams.forEach((sizes, number) => {
    const host = document.getElementById(`model-picture-${number}`);
    if (host) drawDiagram(host, sizes[drawnNarrow ? "narrow" : "wide"], number);
  });
}

function arrive() {
  const heading = focus && document.getElementById(focus);
  if (!heading) return;
  focus = null;
  heading.focus({ preventScroll: true });
  heading.scrollIntoView({ block: "start", behavior: prefersStillness() ? "auto" : "smooth" });
}

function start(page) {
  page.dataset.followsAddress = location.pathname;
  const choose = document.getElementById("model-choose");
  if (choose && page.clientWidth < NARROW) choose.open = false;
  drawAll();
  return () => { diagrams = []; };
}

export function watchModelPage() {
  onElement("model-page", start);
  onPlainClick("a.model-link", (link) => {
    const address = link.getAttribute("href"), search = address === "?" ? "" : address;
    focus = link.dataset.focus || null;
    if (location.search === search) arrive();
    else visit(location.pathname + search, false);
  });
  window.addEventListener("resize", () => {
    const page = document.getElementById("model-page");
    if (page && page.clientWidth < NARROW !== drawnNarrow) drawAll();
  });
}

const visitWith = (values) =>
  visit(location.pathname + writeSearch(changedPairs(location.search, values)), false);

export const modelPage = {
  draw(data) {
    diagrams = data || [];
    requestAnimationFrame(drawAll);
  },
  arrive() {
    requestAnimationFrame(() => requestAnimationFrame(() => { drawAll(); arrive(); }));
  },
  search(key) {
    const now = new URLSearchParams(location.search).get("variable") || "";
    if (!key || key === now) return;
    focus = "model-variable-title";
    visitWith({ variable: key, element: null });
  },
  element(values) {
    const chosen = (values || []).join(",");
    const drawn = document.querySelector("#model-panel [data-elements]")?.dataset.elements;
    const other = drawn !== undefined && chosen !== drawn;
    if (chosen && other && new URLSearchParams(location.search).get("variable")) visitWith({ element: chosen });
  },
  find(text, status) {
    setSearch({ find: text || null, status: status || null });
  },
};
