// The upright axis of a chart: it stands still under a moving thumb, and widens when a line leaves it.

import { make } from "../dom.js";
import { formatNumber } from "../numbers.js";
import { widthInClass } from "../text_width.js";

export const TOP = 12, BOTTOM = 26; // pixels of a chart above and below its lines
const APART = 8;

// size: {width, height, left, right}, kept up to date by the chart but for left: room for the numbers here.
export function makeAxis(grid, spec, area, size) {
  const years = area.years;
  const zero = spec.zero;
  let low = 0, high = 1, drawn = "";

  const x = (year) => size.left + ((size.width - size.left - size.right) * year) / (years.length - 1);
  const y = (value) => TOP + (size.height - TOP - BOTTOM) * (1 - (value - low) / (high - low));

  function extent(lines) {
    let least = spec.from_zero ? 0 : Infinity, most = -Infinity;
    for (const values of lines) {
      for (const value of values || []) {
        if (Number.isFinite(value)) { least = Math.min(least, value); most = Math.max(most, value); }
      }
    }
    const there = Number.isFinite(least) && Number.isFinite(most);
    if (!there) [least, most] = [0, spec.scale === 100 ? 100 : 1];
    return zero ? [Math.min(least, 0), Math.max(most, 0)] : [least, most];
  }

  // Draws it anew for these lines; in full only when settled.
  function fit(lines, settled) {
    const [least, most] = extent(lines);
    if (!settled && drawn && least >= low && most <= high) return;
    const [from, to, step] = nice(least, most), wider = !settled && drawn;
    low = wider ? Math.min(low, from) : from;
    high = wider ? Math.max(high, to) : to;
    const now = [low, high, size.width, size.height, size.right].join();
    if (now === drawn) return;
    drawn = now;
    const marks = levels(step);
    size.left = 14 + Math.max(...marks.map(([, text]) => widthInClass(text, "explore-tick", grid)));
    grid.replaceChildren(...marks.flatMap(level), ...dates());
  }

  function levels(step) {
    const marks = [], first = Math.ceil(low / step - 1e-9) * step;
    for (let value = first; value <= high + step * 1e-6; value += step) {
      marks.push([Math.abs(value) < step * 1e-6 ? 0 : value, formatNumber(value, decimalsOf(step))]);
    }
    return marks;
  }

  function level([value, words]) {
    const at = y(value), text = { class: "explore-tick", x: size.left - 7, y: at + 4, "text-anchor": "end" };
    const line = { class: value ? "explore-grid" : "explore-zero", x1: size.left, y1: at, y2: at };
    return [make("line", { ...line, x2: size.width - size.right }), make("text", text, words)];
  }

  function dates() {
    const marks = [], foot = size.height - BOTTOM;
    let free = Infinity; // from the right: a year that comes too close to the next one is left out
    for (const year of [2033, 2028, 2023, 2018, 2014]) {
      const place = years.indexOf(year), at = x(place);
      if (place < 0) continue;
      const star = area.extrapolated !== null && year >= area.extrapolated ? "*" : "";
      const anchor = place ? "middle" : "start";
      const text = { class: "explore-tick", x: at, y: size.height - 7, "text-anchor": anchor };
      const wide = widthInClass(year + star, "explore-tick", grid), end = at + (place ? wide / 2 : wide);
      if (end < free) marks.push(make("text", text, year + star));
      free = Math.min(free, at - wide / 2 - APART);
      marks.push(make("line", { class: "explore-zero", x1: at, x2: at, y1: foot, y2: foot + 4 }));
    }
    return marks;
  }
  return { x, y, fit };
}

// Ends and step of an axis that reaches from the least to the most.
export function nice(least, most) {
  const spread = most - least || Math.abs(most) || 1, rough = spread / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 2.5, 5, 10].find((each) => each * power >= rough);
  return [Math.floor(least / step + 1e-9) * step, Math.ceil(most / step - 1e-9) * step || step, step];
}

export function decimalsOf(step) {
  const quarter = /^[25]?25/.test(String(step).replace(/[.0]/g, "")) ? 1 : 0;
  return Math.max(0, Math.min(3, -Math.floor(Math.log10(step) + 1e-9) + quarter));
}
