// Pickers and buttons of the page Explore, and text to copy.

import { pageLink } from "../address.js";
import { isNarrow, make } from "../dom.js";

const PICKERS = {
  scenario: "Future", portfolio: "Left-shift portfolio", contract: "Contract", footprint: "Area",
  projection: "Projection of people",
};
const LOCAL = ["localhost", "127.0.0.1", "[::1]"];
const choiceTitle = (kind, each) =>
  (kind === "portfolio" && each.key === "none" ? "No portfolio" : each.title);

// Five choices, three with a story; choose(kind, key) is called when one is made.
export function makePickers(area, choose) {
  const selects = {}, stories = {};
  const fields = Object.entries(PICKERS).map(([kind, title]) => {
    const id = "explore-" + kind;
    selects[kind] = make("select", { id, onchange: () => choose(kind, selects[kind].value) },
      ...area.choices[kind].map((each) => make("option", { value: each.key }, choiceTitle(kind, each))));
    const parts = [make("label", { for: id }, title), selects[kind]];
    if (!["footprint", "projection"].includes(kind)) {
      const of = make("span", { class: "hidden-words" }, ` of this ${title.toLowerCase()}`);
      stories[kind] = make("div", { class: "explore-story" });
      parts.push(make("details", {}, make("summary", { class: "small" }, "Story", of), stories[kind]));
    }
    return make("div", { class: "explore-picker" }, ...parts);
  });
  const set = (request) => {
    for (const kind of Object.keys(PICKERS)) {
      selects[kind].value = request[kind];
      if (stories[kind]) write(stories[kind], area.choices[kind].find((each) => each.key === request[kind]));
    }
  };
  return { element: make("div", { class: "explore-pickers" }, ...fields), set };
}

function write(story, chosen) {
  if (story.dataset.key === chosen.key) return;
  story.dataset.key = chosen.key;
  const aside = (words) => make("p", { class: "explore-aside" }, words);
  const parts = [make("p", {}, chosen.story)], levels = chosen.levels || [];
  if (chosen.note) parts.push(aside(chosen.note));
  const item = ([name, level]) => make("li", {}, `${name}: ${level}`);
  if (levels.length) parts.push(make("ul", {}, ...levels.map(item)));
  if (chosen.status) parts.push(aside(`Status: ${chosen.status.replace("_", " ")}.`));
  story.replaceChildren(...parts);
}

// rows: [key, words, title, call]; those named in first stand in sight, others fold away on a phone.
export function makeToolbar(first, rows) {
  const buttons = Object.fromEntries(rows.map(([key, words, title, onclick]) =>
    [key, make("button", { type: "button", class: "plain", title, id: "explore-" + key, onclick }, words)]));
  const group = (words, inSight) => make("div",
    { class: "explore-toolbar no-print", role: "group", "aria-label": words },
    ...Object.keys(buttons).filter((key) => first.includes(key) === inSight).map((key) => buttons[key]));
  const more = group("This page", false), summary = make("summary", { class: "small" }, "More");
  const folded = isNarrow() ? make("details", { class: "explore-more no-print" }, summary, more) : more;
  const enable = (can) => {
    for (const [key, yes] of Object.entries(can)) if (buttons[key].disabled === yes) buttons[key].disabled = !yes;
  };
  return { elements: [group("Changes", true), folded], buttons, enable };
}

// Copies text; where the browser refuses, it is shown to be copied by hand.
export async function offerText(place, title, text, say) {
  let copied = true;
  try { await navigator.clipboard.writeText(text); } catch (_) { copied = false; /* no permission */ }
  const box = make("input", { type: "text", readonly: true, value: text, "aria-label": title });
  const close = () => { place.replaceChildren(); place.hidden = true; };
  const button = make("button", { type: "button", class: "plain", onclick: close }, "Close");
  place.hidden = false;
  place.replaceChildren(
    make("p", {}, make("strong", {}, title), copied ? " – copied." : " – copy it from here."),
    make("div", {}, box, button), ...onlyHere(text));
  box.focus(); box.select();
  const alone = place.querySelector("#explore-only-here") ? " It works on this computer only." : "";
  say((copied ? `${title} copied.` : `${title} is shown; copy it from there.`) + alone);
}

// An address of this computer leads nowhere on another.
function onlyHere(text) {
  if (!/^https?:/.test(text) || !LOCAL.includes(new URL(text).hostname)) return [];
  return [make("p", { class: "explore-warning", id: "explore-only-here" },
    "This link works on this computer only. To share the plan with others, save its plan file under ",
    pageLink("plans", {}, "Saved plans"), " and send that, or have the dashboard served for the team.")];
}
