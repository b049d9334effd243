// What there is to know of a lever: what it does, how far to go, where its number is from, who may disagree.
(function () {
  "use strict";
  const E = (window.dudleyExplore = window.dudleyExplore || {});

  E.aboutLever = function (slider, area, { say, start, choose }) {
    const name = slider.address, lever = E.leverOf(name), known = area.numbers[name] || area.numbers[lever];
    const parts = [];
    const add = (title, ...content) => parts.push(E.make("h3", {}, title), ...content);
    add("What it does", E.make("p", {}, slider.what || area.sentences[lever]));
    if (slider.levels && slider.levels.length) {
      const button = (level) => E.make("button",
        { type: "button", class: "plain", onclick: () => choose(level.value) },
        E.make("strong", {}, say(level.value)), " " + level.words);
      add("How far to go", E.make("div", { class: "explore-levels" }, ...slider.levels.map(button)));
    }
    const why = reason(name, area);
    add("Where it starts", E.make("p", {}, `${say(start)}${why ? ". " + why : " in the model."}`));
    if (known) {
      add("Range and source", E.make("p", {}, rangeOf(known, say)), E.make("p", {}, E.origin(known)));
    }
    const evidence = area.evidence[E.elementOf(name)];
    if (evidence && lever === "coverage") {
      const effect = (row) => `${share(row.central)} fewer (${share(row.low)} to ${share(row.high)})`;
      const item = (row) => `${capital(row.service)}: ${effect(row)}. ${capital(E.origin(row))}`;
      add("Evidence of its effect, among those it reaches",
        E.make("ul", {}, ...evidence.map((row) => E.make("li", {}, item(row)))));
    }
    const rests = (slider.rests_on || []).map((each) => E.restsOn(each, area)).filter(Boolean);
    if (rests.length) add("What it starts from", ...rests.map((words) => E.make("p", {}, words)));
    if (slider.dispute) add("Who might disagree", E.make("p", {}, slider.dispute));
    parts.push(E.make("p", { class: "explore-address" }, "In the model: ", E.make("code", {}, name),
      slider.what ? ". " + area.sentences[lever] : ""));
    return parts;
  };

  function reason(name, area) {
    const plan = E.currentPlan();
    for (const kind of ["portfolio", "contract"]) {
      const given = area.reasons[kind][plan[kind]] || {}, text = given[name] || given[E.leverOf(name)];
      if (text && setBy(kind, plan, name, area)) return `The ${kind} puts it there: ${text}.`;
    }
    return setBy("scenario", plan, name, area) ? "The future puts it there." : "";
  }
  const setBy = (kind, plan, name, area) =>
    area.layers[kind][plan[kind]].some(([place]) => area.placesOf.get(name).includes(place));

  const rangeOf = (known, say) =>
    `Between ${say(known.low)} and ${say(known.high)}; usually ${say(known.central)} (${known.status}).`;
  const share = (value) => E.number(100 * value, 0) + "%";
  const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

  // Everything on the left: groups of sliders, and a way to any other lever of the model.
  E.makePanel = function (area, on) {
    const controls = new Map(), groups = [];
    let others = null;
    const narrow = matchMedia("(max-width: 900px)").matches;
    for (const [key, title] of Object.entries({ ...area.groups, added: "Added by you" })) {
      const count = E.make("span", { class: "explore-count" }, " ");
      const body = E.make("div", { class: "explore-group-in" });
      const group = E.make("details", { class: "explore-group", open: !narrow && key === "portfolio" },
        E.make("summary", {}, E.make("span", {}, title), count), body);
      groups.push({ key, group, body, count });
      if (key === "added") { others = group; group.hidden = true; }
      for (const slider of area.sliders.filter((each) => each.group === key)) put(slider, body);
    }

    function put(slider, body) {
      const control = E.makeLever(slider, area, on);
      controls.set(slider.address, control);
      body.append(control.element);
      return control;
    }

    function add(name) {
      if (controls.has(name)) return controls.get(name);
      others.hidden = others.open = false; others.open = true;
      return put({ address: name, group: "added" }, groups[groups.length - 1].body);
    }

    // Puts every slider where the plan has it.
    function set(plan) {
      const now = E.row(plan, area), start = E.row({ ...plan, levers: {} }, area);
      for (const name of Object.keys(plan.levers)) if (!controls.has(name)) add(name);
      for (const control of controls.values()) {
        const place = area.placesOf.get(control.name)[0];
        control.set(now[place], start[place]);
        control.refresh();
      }
      for (const { group, count } of groups) {
        const changed = [...group.querySelectorAll(".explore-lever.changed")].length;
        E.write(count, changed ? `${changed} changed` : " ");
      }
    }

    // Opens the group of a lever and goes there.
    function reveal(name) {
      const control = add(name), group = control.element.closest("details");
      group.open = true;
      control.element.scrollIntoView({ block: "nearest" });
      control.element.querySelector("input").focus();
    }
    const control = (name) => controls.get(name), elements = groups.map((each) => each.group);
    return { elements, set, add, reveal, control, search: search(area, reveal, add, on) };
  };

  // Any lever of the model, by a part of its name in words, or by its address in the model.
  function search(area, reveal, add, on) {
    const whole = (name) => !name.includes("[") && area.levers.some((each) => each.startsWith(name + "["));
    const names = [...area.placesOf.keys()].filter((name) => !whole(name)).sort();
    const words = new Map(names.map((name) => [name, E.addressWords(name, area)]));
    const levers = Object.keys(area.limits).length, list = E.make("datalist", { id: "explore-all-levers" });
    const said = E.make("p", { class: "explore-warning", role: "status" });
    const offer = () => {
      if (!list.firstChild) list.append(...[...words.values()].map((value) => E.make("option", { value })));
    };
    const input = E.make("input", {
      type: "search", list: list.id, id: "explore-search", placeholder: "waiting, turnover, beds …",
      autocomplete: "off", onfocus: offer,
    });
    const both = (name) => [name.toLowerCase(), words.get(name).toLowerCase()];
    const find = (asked) => asked && (names.find((name) => both(name).includes(asked))
      || names.find((name) => both(name).some((each) => each.includes(asked))));
    const go = (event) => {
      event.preventDefault();
      const asked = input.value.trim().toLowerCase(), found = find(asked);
      const missing = asked ? "There is no such lever. " : "";
      said.textContent = found ? "" : missing + "Type a part of a lever's name.";
      if (!found) return;
      add(found);
      on.added();
      reveal(found);
      input.value = "";
    };
    return E.make("form", { class: "explore-search", onsubmit: go },
      E.make("label", { for: "explore-search" }, `All ${levers} levers of the model`),
      E.make("div", {}, input, E.make("button", { type: "submit", class: "plain" }, "Add")), list, said);
  }
})();
