// Width of text, measured in the letters that are there: nothing is laid out by counting letters.

import { make } from "./dom.js";

const fonts = new Map();
let pen = null;

// font: as CSS writes it, "bold 13px Arial, sans-serif".
export function widthOf(text, font) {
  pen = pen || document.createElement("canvas").getContext("2d");
  pen.font = font;
  return pen.measureText(text).width;
}

// The font of an element, as it is drawn.
export function fontOf(element) {
  const style = getComputedStyle(element);
  return `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
}

// Lines of words, which a no-break space does not part, none wider than the room unless it is one word.
export function wrap(text, font, room, width = widthOf) {
  const lines = [];
  for (const word of text.split(/[ \n]+/).filter(Boolean)) {
    const last = lines.length - 1, longer = lines.length ? `${lines[last]} ${word}` : word;
    if (lines.length && width(longer, font) <= room) lines[last] = longer;
    else lines.push(word);
  }
  return lines;
}

// How wide text is in letters of a class inside an SVG element; fonts are looked up once.
export function widthInClass(text, name, parent) {
  if (!fonts.has(name)) {
    const probe = make("text", { class: name, visibility: "hidden" });
    parent.append(probe);
    fonts.set(name, fontOf(probe));
    probe.remove();
  }
  return widthOf(text, fonts.get(name));
}
export const forgetFonts = () => fonts.clear();

// Writes text of SVG on as many lines as the room asks for.
export function writeLines(element, words, x, room) {
  element.replaceChildren(...wrap(words, fontOf(element), room).map((line, place) =>
    make("tspan", { x, dy: place ? "1.25em" : 0 }, line)));
}
