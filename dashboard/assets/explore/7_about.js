// What there is to know of a lever: what it does, how far to go, where its number is from, who might disagree.
(function () {
  "use strict";
  const E = (window.dudleyExplore = window.dudleyExplore || {});

  E.aboutLever = function (slider, area, { say, start, choose }) {
    const name = slider.address, lever = E.leverOf(name), known = area.numbers[name] || area.numbers[lever], parts = [];
    const add = (title, ...content) => parts.push(E.make("h3", {}, title), ...content);
    add("What it does", E.make("p", {}, slider.what || area.sentences[lever]));
    if (slider.levels && slider.levels.length) {
      add("How far to go", E.make("div", { class: "explore-levels" }, ...slider.levels.map((level) =>
        E.make("button", { type: "button", class: "plain", onclick: () => choose(level.value) }, E.make("strong", {}, say(level.value)), " " + level.words))));
    }
    const why = reason(name, area);
    add("Where it starts", E.make("p", {}, `${say(start)}${why ? ". " + why : " in the model."}`));
    if (known) add("Range and source", E.make("p", {}, rangeOf(known, say)), E.make("p", {}, origin(known)));
    const evidence = area.evidence[E.elementOf(name)];
    if (evidence && lever === "coverage") {
      add("Evidence of its effect, among those it reaches", E.make("ul", {}, ...evidence.map((row) =>
        E.make("li", {}, `${capital(row.service)}: ${share(row.central)} fewer (${share(row.low)} to ${share(row.high)}). ${capital(origin(row))}`))));
    }
    if (slider.dispute) add("Who might disagree", E.make("p", {}, slider.dispute));
    parts.push(E.make("p", { class: "explore-address" }, "In the model: ", E.make("code", {}, name), slider.what ? ". " + area.sentences[lever] : ""));
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
  const setBy = (kind, plan, name, area) => area.layers[kind][plan[kind]].some(([place]) => area.placesOf.get(name).includes(place));

  const rangeOf = (known, say) => `Between ${say(known.low)} and ${say(known.high)}; usually ${say(known.central)}. Status: ${known.status}.`;
  const origin = (known) => [known.source && known.source + (known.locator ? ": " + known.locator : ""), known.note].filter(Boolean).map(stop).join(" ") || `${known.status}, no source.`;
  const stop = (text) => (/[.!?]$/.test(text) ? text : text + ".");
  const share = (value) => E.number(100 * value, 0) + "%";
  const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

  // Everything on the left: groups of sliders, and a way to any other lever of the model.
  E.makePanel = function (area, on) {
    const controls = new Map(), groups = [];
    let others = null;
    const narrow = matchMedia("(max-width: 900px)").matches;
    for (const [key, title] of Object.entries({ ...area.groups, added: "Added by you" })) {
      const count = E.make("span", { class: "explore-count" }, " "), body = E.make("div", { class: "explore-group-in" });
      const group = E.make("details", { class: "explore-group", open: !narrow && key === "portfolio" }, E.make("summary", {}, E.make("span", {}, title), count), body);
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
    return { elements: groups.map((each) => each.group), set, add, reveal, control: (name) => controls.get(name), search: search(area, reveal, add, on) };
  };

  function search(area, reveal, add, on) {
    const names = [...area.placesOf.keys()].filter((name) => name.includes("[") || !area.levers.some((each) => each.startsWith(name + "["))).sort();
    const list = E.make("datalist", { id: "explore-all-levers" }), said = E.make("p", { class: "explore-warning", role: "status" });
    const input = E.make("input", { type: "search", list: list.id, id: "explore-search", placeholder: "waiting, turnover, beds …", autocomplete: "off",
      onfocus: () => { if (!list.firstChild) list.append(...names.map((name) => E.make("option", { value: name }, E.addressWords(name, area)))); } });
    const go = (event) => {
      event.preventDefault();
      const asked = input.value.trim().toLowerCase();
      const found = names.find((name) => name.toLowerCase() === asked) || (asked && names.find((name) => (name + " " + E.addressWords(name, area)).toLowerCase().includes(asked)));
      said.textContent = found ? "" : asked ? "There is no such lever. Type a part of its name." : "Type a part of a lever's name.";
      if (!found) return;
      add(found);
      on.added();
      reveal(found);
      input.value = "";
    };
    return E.make("form", { class: "explore-search", onsubmit: go },
      E.make("label", { for: "explore-search" }, `All ${Object.keys(area.limits).length} levers of the model`),
      E.make("div", {}, input, E.make("button", { type: "submit", class: "plain" }, "Add")), list, said);
  }
})();
