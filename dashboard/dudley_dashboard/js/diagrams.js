// Diagrams of the model: boxes and arrows drawn as SVG.

import { makeSvg } from "./dom.js";

const LINE = 17; // pixels from one line of a box to the next

// host: the element to draw into; picture: from Python, boxes and arrows with their places; number: its own.
export function drawDiagram(host, picture, number) {
  const boxes = new Map(picture.boxes.map((box) => [box.key, box]));
  const both = new Set(picture.arrows.map((arrow) => arrow.source + "\n" + arrow.target));
  const svg = makeSvg("svg", {
    viewBox: `0 0 ${picture.width} ${picture.height}`, width: picture.width, height: picture.height,
    role: "group", "aria-label": picture.title,
  });
  // Letters stay legible.
  if (picture.name.startsWith("sector")) svg.style.minWidth = `${0.8 * picture.width}px`;
  const plain = picture.arrows.filter((arrow) => !arrow.marked);
  const marked = picture.arrows.filter((arrow) => arrow.marked);
  const faint = plain.length > 0 && marked.length > 0;
  svg.append(heads(number));
  for (const arrow of [...plain, ...marked]) {
    const from = boxes.get(arrow.source), to = boxes.get(arrow.target);
    const line = course(arrow, from, to, picture, both.has(arrow.target + "\n" + arrow.source));
    svg.append(drawArrow(arrow, line, picture, number, faint));
  }
  for (const box of picture.boxes) svg.append(drawBox(box, faint));
  for (const kind of ["pointerover", "focusin"]) {
    svg.addEventListener(kind, (event) => light(svg, event.target.closest?.("a.model-box")));
  }
  for (const kind of ["pointerleave", "focusout"]) svg.addEventListener(kind, () => light(svg, null));
  host.replaceChildren(svg);
}

// Where the line from the middle of a box to a point leaves the box.
export function edge(box, to, gap) {
  const dx = to[0] - box.x, dy = to[1] - box.y;
  const scale = Math.min(
    (box.width / 2 + gap) / Math.max(Math.abs(dx), 1e-6),
    (box.height / 2 + gap) / Math.max(Math.abs(dy), 1e-6),
  );
  return [box.x + dx * scale, box.y + dy * scale];
}

// An arrow's path and the middle of it; both: an arrow leads back, too, and they do not lie on each other.
export function course(arrow, from, to, picture, both) {
  const half = [(from.x + to.x) / 2, (from.y + to.y) / 2];
  let through = arrow.through;
  if (picture.bent) {
    const middle = [picture.width / 2, picture.height / 2];
    const side = [(to.y - from.y) * 0.06, (from.x - to.x) * 0.06];
    through = [[0, 1].map((k) => half[k] + 0.45 * (middle[k] - half[k]) + side[k])];
  } else if (!through.length && both) {
    const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
    through = [[half[0] + (14 * (to.y - from.y)) / length, half[1] + (14 * (from.x - to.x)) / length]];
  }
  const start = edge(from, through[0] || [to.x, to.y], 1);
  const end = edge(to, through[through.length - 1] || [from.x, from.y], 5);
  if (!through.length) {
    return { path: `M${start} L${end}`, at: [(start[0] + end[0]) / 2, (start[1] + end[1]) / 2] };
  }
  // Bends at each point, straight from middle to middle between them.
  const bends = through.map((point, k) => {
    const next = through[k + 1];
    return ` Q${point} ${next ? [(point[0] + next[0]) / 2, (point[1] + next[1]) / 2] : end}`;
  });
  const at = [0, 1].map((k) => 0.25 * start[k] + 0.5 * through[0][k] + 0.25 * end[k]);
  return { path: `M${start}${bends.join("")}`, at };
}

function heads(number) {
  return makeSvg("defs", {}, ...["plain", "marked", "falls"].map((kind) => makeSvg("marker", {
    id: `model-head-${number}-${kind}`, viewBox: "0 0 10 10", refX: 8, refY: 5, markerWidth: 9, markerHeight: 9,
    markerUnits: "userSpaceOnUse", orient: "auto-start-reverse", class: `model-head-${kind}`,
  }, makeSvg("path", { d: "M0 0 L10 5 L0 10 z" }))));
}

function drawArrow(arrow, { path, at }, picture, number, faint) {
  const falls = arrow.sign === "−", kind = arrow.marked ? (falls ? "falls" : "marked") : "plain";
  const dim = faint && !arrow.marked ? " model-faint" : "";
  const width = picture.bent ? 0.8 + 0.5 * arrow.weight : arrow.thick ? 4 : 1.6;
  const group = makeSvg("g", {
    class: `model-arrow model-arrow-${kind}${dim}`, "data-from": arrow.source, "data-to": arrow.target,
  }, makeSvg("path", {
    d: path, "stroke-width": arrow.marked ? Math.max(width, 3) : width,
    "marker-end": `url(#model-head-${number}-${kind})`, "stroke-dasharray": falls ? "7 4" : null,
  }));
  if (arrow.sign) {
    const text = { x: at[0], y: at[1] + 6, "text-anchor": "middle", class: "model-sign-text" };
    group.append(makeSvg("circle", { cx: at[0], cy: at[1], r: 11, class: "model-sign-ground" }),
      makeSvg("text", text, arrow.sign));
  }
  return group;
}

function drawBox(box, faint) {
  const mark = box.marked ? " model-box-marked" : faint ? " model-faint" : "";
  const first = box.y - ((box.lines.length - 1) * LINE) / 2 + 5;
  return makeSvg("a", {
    href: box.href, class: `model-link model-box model-box-${box.kind}${mark}`, "data-key": box.key,
    "data-focus": box.kind === "sector" ? "model-map-title" : "model-variable-title",
  }, makeSvg("title", {}, box.title), outline(box), ...box.lines.map((text, k) =>
    makeSvg("text", { x: box.x, y: first + k * LINE, "text-anchor": "middle" }, text)));
}

function outline({ kind, x, y, width, height }) {
  const w = width / 2, h = height / 2, cut = 12;
  if (kind !== "flow") {
    return makeSvg("rect", { x: x - w, y: y - h, width, height, rx: kind === "stock" ? 0 : 14 });
  }
  const points = [[-w, 0], [-w + cut, -h], [w - cut, -h], [w, 0], [w - cut, h], [-w + cut, h]];
  return makeSvg("polygon", { points: points.map(([dx, dy]) => `${x + dx},${y + dy}`).join(" ") });
}

// The arrows of the box that is pointed at or focused.
function light(svg, box) {
  svg.classList.toggle("model-lit", Boolean(box));
  for (const arrow of svg.querySelectorAll(".model-arrow")) {
    const key = box && box.dataset.key, touches = arrow.dataset.from === key || arrow.dataset.to === key;
    arrow.classList.toggle("model-arrow-lit", Boolean(box) && touches);
  }
}
