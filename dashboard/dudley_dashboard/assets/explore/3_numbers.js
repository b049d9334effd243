// Numbers as readers see them, and small helpers that make elements.
(function () {
  "use strict";
  const E = (window.dudleyExplore = window.dudleyExplore || {});
  const SVG = "http://www.w3.org/2000/svg", formats = new Map();

  E.number = function (value, decimals) {
    if (!Number.isFinite(value)) return "–";
    if (!formats.has(decimals)) {
      const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
      formats.set(decimals, new Intl.NumberFormat("en-GB", digits));
    }
    const text = formats.get(decimals).format(value);
    return (/^-[0.,]*$/.test(text) ? text.slice(1) : text).replace("-", "−");
  };
  E.signed = (value, decimals) => {
    const text = E.number(value, decimals);
    return /[1-9]/.test(text) && value > 0 ? "+" + text : text;
  };
  // How wide text is in letters of a class inside an SVG element; fonts are looked up once.
  const fonts = new Map();
  E.forgetFonts = () => fonts.clear();
  E.textWidth = function (text, name, parent) {
    if (!fonts.has(name)) {
      const probe = E.make("text", { class: name, visibility: "hidden" });
      parent.append(probe);
      fonts.set(name, window.dudley.text.fontOf(probe));
      probe.remove();
    }
    return window.dudley.text.width(text, fonts.get(name));
  };
  // Writes text of SVG on as many lines as the room asks for.
  E.writeLines = function (element, words, x, room) {
    const found = window.dudley.text.wrap(words, window.dudley.text.fontOf(element), room);
    element.replaceChildren(...found.map((line, place) =>
      E.make("tspan", { x, dy: place ? "1.25em" : 0 }, line)));
  };
  // Without the dust of binary arithmetic: 0.30000000000000004 is 0.3.
  E.tidy = (value) => Number(value.toPrecision(12));

  // make("p", {class: "unit", hidden: true, onclick: f}, "text", child, ...)
  E.make = function (tag, attributes, ...children) {
    const svg = E.make.svg.has(tag);
    const element = svg ? document.createElementNS(SVG, tag) : document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value === null || value === undefined || value === false) continue;
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children.filter((child) => child !== null && child !== undefined));
    return element;
  };
  E.make.svg = new Set(["svg", "g", "path", "line", "text", "tspan", "circle", "rect"]);

  // Changes the text of an element without adding or removing nodes, so that watchers of the page stay quiet.
  E.write = function (element, text) {
    const node = element.firstChild;
    if (!node || node.nodeType !== 3) element.textContent = text;
    else if (node.nodeValue !== text) node.nodeValue = text;
  };

  // Words for an address: "coverage: multidisciplinary teams".
  E.addressWords = function (name, area) {
    const element = E.elementOf(name);
    if (!element) return E.leverOf(name);
    return E.leverOf(name) + ": " + element.split(",").map((each) => area.elements[each] || each).join(", ");
  };
})();
