// The panel on the left: groups of sliders, and a way to any other setting of the model.

import { isNarrow, make, write } from "../dom.js";
import { settingValues, startValues } from "../request.js";
import { makeSlider } from "./slider.js";
import { settingTitle } from "./sources.js";

// on: see makeSlider; also added(), called when a reader has added a slider.
export function makePanel(area, on) {
  const controls = new Map(), groups = new Map();
  for (const [key, title] of Object.entries({ ...area.groups, added: "Added by you" })) {
    const count = make("span", { class: "explore-count" }, " ");
    const body = make("div", { class: "explore-group-in" });
    const element = make("details", { class: "explore-group", open: !isNarrow() && key === "portfolio" },
      make("summary", {}, make("span", {}, title), count), body);
    groups.set(key, { element, body, count });
    for (const slider of area.sliders.filter((each) => each.group === key)) put(slider, body);
  }
  const others = groups.get("added");
  others.element.hidden = true;

  function put(slider, body) {
    const control = makeSlider(slider, area, on);
    controls.set(slider.address, control);
    body.append(control.element);
    return control;
  }

  function add(name) {
    if (controls.has(name)) return controls.get(name);
    others.element.hidden = false;
    others.element.open = true;
    return put({ address: name }, others.body);
  }

  // Puts every slider where the request has it.
  function set(request) {
    const now = settingValues(request, area), start = startValues(request, area);
    for (const name of Object.keys(request.levers)) add(name);
    for (const control of controls.values()) {
      const place = area.placesOf.get(control.name)[0];
      control.set(now[place], start[place]);
      control.refresh();
    }
    for (const { element, count } of groups.values()) {
      const changed = element.querySelectorAll(".explore-lever.changed").length;
      write(count, changed ? `${changed} changed` : " ");
    }
  }

  // Opens the group of a setting and goes there.
  function reveal(name) {
    const { element } = add(name);
    element.closest("details").open = true;
    element.scrollIntoView({ block: "nearest" });
    element.querySelector("input").focus();
  }
  const offered = (name) => { add(name); on.added(); reveal(name); };
  const elements = [...groups.values()].map((group) => group.element);
  return { elements, set, control: (name) => controls.get(name), search: makeSearch(area, offered) };
}

// Any setting of the model, by a part of its name in words, or by its address in the model.
function makeSearch(area, choose) {
  const hasElements = (name) => !name.includes("[") && area.levers.some((each) => each.startsWith(name + "["));
  const names = [...area.placesOf.keys()].filter((name) => !hasElements(name)).sort();
  const titles = new Map(names.map((name) => [name, settingTitle(name, area)]));
  const list = make("datalist", { id: "explore-all-levers" });
  const answer = make("p", { class: "explore-warning", role: "status" });
  const offer = () => {
    if (!list.firstChild) list.append(...[...titles.values()].map((value) => make("option", { value })));
  };
  const input = make("input", {
    type: "search", list: list.id, id: "explore-search", placeholder: "waiting, turnover, beds …",
    autocomplete: "off", onfocus: offer,
  });
  const both = (name) => [name.toLowerCase(), titles.get(name).toLowerCase()];
  const find = (text) => text && (names.find((name) => both(name).includes(text))
    || names.find((name) => both(name).some((each) => each.includes(text))));
  const go = (event) => {
    event.preventDefault();
    const text = input.value.trim().toLowerCase(), found = find(text);
    const missing = text ? "There is no such lever. " : "";
    answer.textContent = found ? "" : missing + "Type a part of a lever's name.";
    if (!found) return;
    choose(found);
    input.value = "";
  };
  return make("form", { class: "explore-search", onsubmit: go },
    make("label", { for: "explore-search" }, `All ${Object.keys(area.limits).length} levers of the model`),
    make("div", {}, input, make("button", { type: "submit", class: "plain" }, "Add")), list, answer);
}
