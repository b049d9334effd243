// Pictures of charts to keep, ready for a slide: title, unit, plan, chart, key, source, version and day.

import { prefix } from "./address.js";
import { make, onPlainClick, saveBlob } from "./dom.js";
import { postJson } from "./server.js";
import { widthOf, wrap } from "./text_width.js";

const SCALE = 2, EDGE = 12, SWATCH = 28;
const LIGHT = { paper: "#fff", ink: "#212b32", soft: "#4c6272" };

// Under a chart drawn by Plotly: "Save picture".
export function watchPictures() {
  onPlainClick("button[data-picture]", (button) => {
    const frame = button.closest("figure"), graph = frame && frame.querySelector(".js-plotly-plot");
    if (graph && window.Plotly) saveGraph(frame, graph);
  });
}

async function saveGraph(frame, graph) {
  const words = (selector) => [...frame.querySelectorAll(selector)].map((each) => each.innerText.trim());
  const title = words("h3")[0], [width, height] = [graph.clientWidth, graph.clientHeight];
  const layout = Object.assign(JSON.parse(JSON.stringify(graph.layout)),
    { autosize: false, width, height, paper_bgcolor: LIGHT.paper, plot_bgcolor: LIGHT.paper });
  const size = { format: "png", scale: SCALE, width, height };
  const [address, plan] = await Promise.all(
    [window.Plotly.toImage({ data: graph.data, layout }, size), requestWords()]);
  const name = title.toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^_|_$/g, "");
  const key = keyOf(frame), units = words(".unit");
  if (!units.length && key) units.push(key.firstChild.textContent.trim());
  savePicture({
    name, title, units, plan, address, width, height, colours: LIGHT,
    key: layout.showlegend || !key ? [] : [...key.children], notes: words(".source, .areas-number"),
  });
}

// The request of the address in words: the server reads it, as it reads it for the page.
async function requestWords() {
  try {
    return (await postJson(prefix() + "api/plan", { searches: [location.search] })).words || "";
  } catch (_) { return ""; }
}

// The key of a chart: in its frame, else in the part of the page that it stands in.
function keyOf(frame) {
  const part = frame.closest("section");
  return [frame, part].map((each) => each && each.querySelector("[data-picture-key]")).find(Boolean);
}

// key: elements, each a swatch and words; address: of an image of this width and height.
export function savePicture({ name, title, units, plan, address, width, height, key, notes, colours }) {
  const image = new Image();
  image.addEventListener("load", () => {
    const family = getComputedStyle(document.body).fontFamily, room = width - 2 * EDGE;
    const sheet = makeSheet(room);
    sheet.text(title, `bold 17px ${family}`, 22, colours.ink);
    for (const unit of units) sheet.text(unit, `12px ${family}`, 16, colours.soft);
    sheet.text(plan, `12px ${family}`, 16, colours.ink);
    sheet.space(height + 8, (pen, top) => pen.drawImage(image, 0, top, width, height));
    sheet.key(key, `12px ${family}`, 18, colours.ink);
    sheet.space(4);
    const about = document.querySelector(".bottom");
    const last = about ? about.innerText.trim() : "A model, not a forecast.";
    for (const note of [...notes, last]) sheet.text(note, `11px ${family}`, 15, colours.soft);
    const canvas = make("canvas", { width: width * SCALE, height: (sheet.height() + 2 * EDGE) * SCALE });
    const pen = canvas.getContext("2d");
    pen.scale(SCALE, SCALE);
    pen.fillStyle = colours.paper;
    pen.fillRect(0, 0, width, sheet.height() + 2 * EDGE);
    sheet.draw(pen);
    canvas.toBlob((blob) => saveBlob(blob, `dudley_${name}.png`));
  });
  image.src = address;
}

// A sheet of parts below each other, each as high as its measured text.
function makeSheet(room) {
  const parts = [];
  let high = EDGE;
  function space(height, draw) {
    if (draw) parts.push({ draw, top: high });
    high += height;
  }
  function text(words, font, line, colour) {
    for (const each of wrap(words, font, room)) {
      space(line, (pen, top) => write(pen, each, EDGE, top + line - 5, font, colour));
    }
  }
  // As many entries side by side as there is room for.
  function key(items, font, line, colour) {
    let left = 0;
    for (const item of items) {
      const { swatch, words } = partsOf(item), wide = SWATCH + 8 + widthOf(words, font) + 18;
      if (left && left + wide > room) { left = 0; high += line; }
      const lines = wrap(words, font, room - SWATCH - 8), at = EDGE + left, top = high;
      parts.push({ top, draw: (pen) => drawSwatch(pen, swatch, at, top + line / 2) });
      lines.forEach((each, place) => parts.push({ top, draw: (pen) =>
        write(pen, each, at + SWATCH + 8, top + place * line + line - 5, font, colour) }));
      left += wide;
      high += (lines.length - 1) * line;
    }
    if (items.length) high += line;
  }
  const draw = (pen) => { for (const part of parts) part.draw(pen, part.top); };
  return { space, text, key, draw, height: () => high - EDGE };
}

function write(pen, words, x, y, font, colour) {
  pen.font = font;
  pen.fillStyle = colour;
  pen.fillText(words, x, y);
}

// An entry of a key: what has no words is its swatch.
function partsOf(item) {
  const children = [...item.childNodes], textOf = (node) => (node.innerText || node.textContent || "").trim();
  const swatch = children.find((node) => node.nodeType === 1 && !textOf(node));
  const words = children.map(textOf).filter(Boolean).map((each) => each.replace(/\n+/g, ", ")).join("  ");
  return { swatch, words };
}

function drawSwatch(pen, swatch, x, y) {
  if (!swatch) return;
  const style = getComputedStyle(swatch), { width, height } = swatch.getBoundingClientRect();
  const line = parseFloat(style.borderTopWidth) || 0, wide = Math.min(SWATCH, width);
  const filled = !/, 0\)$|^transparent$/.test(style.backgroundColor);
  pen.save();
  pen.lineWidth = line || 1;
  pen.strokeStyle = style.borderTopColor;
  if (height > line + 2) {
    const box = [x + 1, y - height / 2, wide - 2, height];
    pen.fillStyle = style.backgroundColor;
    if (filled) pen.fillRect(...box);
    if (line) pen.strokeRect(...box);
  } else {
    pen.setLineDash({ dashed: [7, 5], dotted: [line, line + 2] }[style.borderTopStyle] || []);
    pen.beginPath(); pen.moveTo(x, y); pen.lineTo(x + wide, y); pen.stroke();
  }
  pen.restore();
}
