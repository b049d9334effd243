// Elements of the page: making and writing them, clicks, files to keep, and what the reader's screen prefers.

const SVG = "http://www.w3.org/2000/svg";
const SVG_TAGS = new Set(["svg", "g", "path", "line", "text", "tspan", "circle", "rect"]);

// make("p", {class: "unit", hidden: true, onclick: f}, "text", child, ...)
export function make(tag, attributes, ...children) {
  const element = SVG_TAGS.has(tag) ? document.createElementNS(SVG, tag) : document.createElement(tag);
  return filled(element, attributes, children);
}

// The same for SVG whatever the tag: links and titles too.
export const makeSvg = (tag, attributes, ...children) =>
  filled(document.createElementNS(SVG, tag), attributes, children);

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

// Changes the text of an element without adding or removing nodes, so that observers of the page stay quiet.
export function write(element, text) {
  const node = element.firstChild;
  if (!node || node.nodeType !== 3) element.textContent = text;
  else if (node.nodeValue !== text) node.nodeValue = text;
}

// Calls act(element) when it is clicked plainly: not to open a new tab or window.
export function onPlainClick(selector, act, applies = () => true) {
  document.addEventListener("click", (event) => {
    const element = event.target.closest && event.target.closest(selector);
    const plain = !(event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    if (!element || !plain || !applies(element)) return;
    event.preventDefault();
    act(element);
  });
}

export function saveBlob(blob, name) {
  const link = make("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

export const isNarrow = () => matchMedia("(max-width: 900px)").matches;
export const prefersStillness = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

// What a browser keeps for this reader; null where storage is refused.
export function stored(key) {
  try { return { value: localStorage.getItem(key) }; } catch (_) { return null; }
}
export function store(key, value) {
  try { localStorage.setItem(key, value); } catch (_) { /* storage is refused */ }
}
