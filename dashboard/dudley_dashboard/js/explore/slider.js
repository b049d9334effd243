// One setting: slider, number box, mark of where it starts, way back, and what there is to know of it.

import { make } from "../dom.js";
import { formatNumber, tidy } from "../numbers.js";
import { elementOf, settingOf } from "../request.js";
import { capital, numberText, originText, settingTitle } from "./sources.js";

const decimals = (value) => Math.min(4, (String(value).split(".")[1] || "").length);
let count = 0;

// slider: a row of dashboard/dudley_dashboard/levers.toml, or only an address.
// on: {move(name, value), settle(), reset(name), request() -> the request as it is}.
export function makeSlider(slider, area, on) {
  const name = slider.address, setting = settingOf(name), [least, most, pace, units] = area.limits[setting];
  const factor = slider.percent ? 100 : 1, plain = area.units[units] === "ratio" ? "" : area.units[units];
  const unit = slider.percent ? "%" : plain, after = unit === "%" ? "%" : unit ? " " + unit : "";
  const step = slider.step || pace || (most - least) / 100, id = "explore-lever-" + count++;
  const label = slider.label || settingTitle(name, area), text = (value) => tidy(value * factor);
  const say = (value) => formatNumber(text(value), decimals(text(value))) + after;

  const range = make("input", { type: "range", id, step, class: "explore-range" });
  const box = make("input", {
    type: "number", class: "explore-box", "aria-label": `${label}: number${unit ? ", " + unit : ""}`,
    min: text(least), max: text(most), step: "any", inputmode: "decimal",
  });
  const back = make("button", {
    type: "button", class: "explore-back", "aria-label": `Reset ${label}`,
    title: "Back to where future, portfolio and contract put it", onclick: () => on.reset(name),
  }, "↺");
  const mark = make("span", { class: "explore-mark", "aria-hidden": "true" });
  const warning = make("p", { class: "explore-warning", hidden: true });
  const about = make("div", { class: "explore-about", id: id + "-about", hidden: true });
  const more = make("button", {
    type: "button", class: "explore-link", "aria-expanded": "false", "aria-controls": about.id,
    "aria-label": `About ${label}`, onclick: toggleAbout,
  }, "About");
  const element = make("div", { class: "explore-lever", "data-lever": name },
    make("div", { class: "explore-lever-head" }, make("label", { for: id }, label), more),
    make("div", { class: "explore-lever-set" },
      make("div", { class: "explore-track" }, mark, range), box,
      make("span", { class: "explore-unit" }, unit), back),
    warning, about);
  const row = area.numbers[name] || area.numbers[setting], known = row && row.high > row.low ? row : null;
  const reasoned = known ? `${say(known.low)} to ${say(known.high)}` : "";
  let current = NaN, start = 0, home = 0, low = 0, high = 1, fresh = false;

  range.addEventListener("input", () => {
    const value = snap(range.valueAsNumber);
    show(value);
    on.move(name, value);
  });
  range.addEventListener("change", () => on.settle());
  box.addEventListener("input", () => { fresh = true; remark(); });
  box.addEventListener("change", take);
  box.addEventListener("keydown", (event) => { if (event.key === "Enter") take(); });

  // A value on the way from one to another, no finer than the slider's steps.
  const near = (value) => tidy(low + Math.round((value - low) / step) * step);

  // Where the browser puts the start, which may lie half way between two steps, the slider is at its start.
  function snap(value) { return Math.abs(value - home) < step / 4 ? start : tidy(value); }

  // Takes the number of the box. Enter, and the change that a browser tells after it, are one: the remark stays.
  function take() {
    if (!fresh) return;
    fresh = false;
    const value = tidy(box.valueAsNumber / factor);
    if (!Number.isFinite(value)) { show(current); return; }
    const nearest = Math.min(most, Math.max(least, value)), other = nearest !== current;
    show(nearest);
    if (other) { on.move(name, nearest); on.settle(); }
    if (nearest !== value) warn(`The model takes ${say(least)} to ${say(most)}; the nearest is set.`);
  }

  function show(value) {
    current = value;
    if (value < low || value > high) bound(value);
    if (range.valueAsNumber !== value) range.value = value;
    const typing = document.activeElement === box && box.valueAsNumber === text(value);
    if (box.value !== String(text(value)) && !typing) box.value = text(value);
    range.setAttribute("aria-valuetext", say(value));
    element.classList.toggle("changed", value !== start);
    back.disabled = value === start;
    range.style.setProperty("--part", (100 * (value - low)) / (high - low) + "%");
    remark();
  }

  function remark() {
    const beyond = known && (current < known.low - 1e-12 || current > known.high + 1e-12);
    warn(beyond ? `Beyond the range for which there is a reason: ${reasoned}.` : "");
  }

  function warn(words) {
    if (warning.textContent !== words) warning.textContent = words;
    warning.hidden = !words;
  }

  function bound(value) {
    low = Math.min(slider.low ?? least, value, start); high = Math.max(slider.high ?? most, value, start);
    range.min = low; range.max = high;
    range.value = start; home = range.valueAsNumber;
  }

  // value: in the request; from: where scenario, portfolio and contract put it.
  function set(value, from) {
    start = from;
    bound(value);
    mark.style.setProperty("--at", (start - low) / (high - low));
    mark.title = `Starts at ${say(start)}`;
    show(value);
  }

  function toggleAbout() {
    const opens = about.hidden;
    const choose = (value) => { show(value); on.move(name, value); on.settle(); };
    if (opens) about.replaceChildren(...aboutSetting(slider, area, on.request(), { say, start, choose }));
    about.hidden = !opens;
    more.setAttribute("aria-expanded", String(opens));
  }
  const refresh = () => { if (!about.hidden) { about.hidden = true; toggleAbout(); } };
  // On paper: "Multidisciplinary teams: 20% (starts at 80%; range 0% to 90%)".
  const describe = (value) =>
    `${label}: ${say(value)} (starts at ${say(start)}${reasoned ? "; range " + reasoned : ""})`;
  return { element, set, name, describe, show, near, refresh };
}

// What a setting does, how far to go, where its number is from, who might disagree.
function aboutSetting(slider, area, request, { say, start, choose }) {
  const name = slider.address, setting = settingOf(name);
  const known = area.numbers[name] || area.numbers[setting], parts = [];
  const add = (title, ...content) => parts.push(make("h3", {}, title), ...content);
  add("What it does", make("p", {}, slider.what || area.sentences[setting]));
  if (slider.levels && slider.levels.length) {
    const button = (level) => make("button",
      { type: "button", class: "plain", onclick: () => choose(level.value) },
      make("strong", {}, say(level.value)), " " + level.words);
    add("How far to go", make("div", { class: "explore-levels" }, ...slider.levels.map(button)));
  }
  const why = reasonOf(name, area, request);
  add("Where it starts", make("p", {}, `${say(start)}${why ? ". " + why : " in the model."}`));
  if (known) {
    const range = `Between ${say(known.low)} and ${say(known.high)}`;
    add("Range and source", make("p", {}, `${range}; usually ${say(known.central)} (${known.status}).`),
      make("p", {}, originText(known)));
  }
  const evidence = area.evidence[elementOf(name)];
  if (evidence && setting === "coverage") {
    const share = (value) => formatNumber(100 * value, 0) + "%";
    const effect = (row) => `${share(row.central)} fewer (${share(row.low)} to ${share(row.high)})`;
    const item = (row) => `${capital(row.service)}: ${effect(row)}. ${originText(row)}`;
    add("Evidence of its effect, among those it reaches",
      make("ul", {}, ...evidence.map((row) => make("li", {}, item(row)))));
  }
  const rests = (slider.rests_on || []).map((each) => numberText(each, area)).filter(Boolean);
  if (rests.length) add("What it starts from", ...rests.map((words) => make("p", {}, words)));
  if (slider.dispute) add("Who might disagree", make("p", {}, slider.dispute));
  parts.push(make("p", { class: "explore-address" }, "In the model: ", make("code", {}, name),
    slider.what ? ". " + area.sentences[setting] : ""));
  return parts;
}

function reasonOf(name, area, request) {
  for (const kind of ["portfolio", "contract"]) {
    const reasons = area.reasons[kind][request[kind]] || {}, text = reasons[name] || reasons[settingOf(name)];
    if (text && isSetBy(kind, request, name, area)) return `The ${kind} puts it there: ${text}.`;
  }
  return isSetBy("scenario", request, name, area) ? "The future puts it there." : "";
}
const isSetBy = (kind, request, name, area) =>
  area.layers[kind][request[kind]].some(([place]) => area.placesOf.get(name).includes(place));
