// Pickers and buttons of the page Explore.
(function () {
  "use strict";
  const E = (window.dudleyExplore = window.dudleyExplore || {});
  const PICKERS = {
    scenario: "Future", portfolio: "Left-shift portfolio", contract: "Contract", footprint: "Area",
    projection: "Projection of people",
  };
  const LOCAL = ["localhost", "127.0.0.1", "[::1]"];

  // Five choices, three with a story; choose(kind, key) is called when one is made.
  E.makePickers = function (area, choose) {
    const selects = {}, stories = {};
    const fields = Object.entries(PICKERS).map(([kind, title]) => {
      const id = "explore-" + kind;
      selects[kind] = E.make("select", { id, onchange: () => choose(kind, selects[kind].value) },
        ...area.choices[kind].map((each) =>
          E.make("option", { value: each.key }, E.choiceWords(kind, each))));
      const parts = [E.make("label", { for: id }, title), selects[kind]];
      if (!["footprint", "projection"].includes(kind)) {
        const of = E.make("span", { class: "hidden-words" }, ` of this ${title.toLowerCase()}`);
        stories[kind] = E.make("div", { class: "explore-story" });
        parts.push(E.make("details", {}, E.make("summary", { class: "small" }, "Story", of), stories[kind]));
      }
      return E.make("div", { class: "explore-picker" }, ...parts);
    });
    const set = (plan) => {
      for (const kind of Object.keys(PICKERS)) {
        selects[kind].value = plan[kind];
        if (stories[kind]) tell(stories[kind], area.choices[kind].find((each) => each.key === plan[kind]));
      }
    };
    return { element: E.make("div", { class: "explore-pickers" }, ...fields), set };
  };

  function tell(place, chosen) {
    if (place.dataset.key === chosen.key) return;
    place.dataset.key = chosen.key;
    const aside = (words) => E.make("p", { class: "explore-aside" }, words);
    const parts = [E.make("p", {}, chosen.story)], levels = chosen.levels || [];
    if (chosen.note) parts.push(aside(chosen.note));
    const item = ([name, level]) => E.make("li", {}, `${name}: ${level}`);
    if (levels.length) parts.push(E.make("ul", {}, ...levels.map(item)));
    if (chosen.status) parts.push(aside(`Status: ${chosen.status.replace("_", " ")}.`));
    place.replaceChildren(...parts);
  }

  // buttons: [key, words, title, call]; those named in first stand in sight, others fold away on a phone.
  E.makeToolbar = function (first, buttons) {
    const made = {};
    for (const [key, words, title, call] of buttons) {
      const set = { type: "button", class: "plain", title, id: "explore-" + key, onclick: call };
      made[key] = E.make("button", set, words);
    }
    const group = (words, wanted) => E.make("div",
      { class: "explore-toolbar no-print", role: "group", "aria-label": words },
      ...Object.keys(made).filter((key) => first.includes(key) === wanted).map((key) => made[key]));
    const more = group("This page", false), narrow = matchMedia("(max-width: 900px)").matches;
    const summary = E.make("summary", { class: "small" }, "More");
    const folded = narrow ? E.make("details", { class: "explore-more no-print" }, summary, more) : more;
    const enable = (can) => {
      for (const [key, yes] of Object.entries(can)) if (made[key].disabled === yes) made[key].disabled = !yes;
    };
    return { elements: [group("Changes", true), folded], made, enable };
  };

  // Copies text; where the browser refuses, it is shown to be copied by hand.
  E.offer = async function (place, title, text, said) {
    let copied = false;
    try {
      await navigator.clipboard.writeText(text);
      copied = true;
    } catch (_) { /* no permission: shown below */ }
    const box = E.make("input", { type: "text", readonly: true, value: text, "aria-label": title });
    const close = () => { place.replaceChildren(); place.hidden = true; };
    const button = E.make("button", { type: "button", class: "plain", onclick: close }, "Close");
    place.hidden = false;
    place.replaceChildren(
      E.make("p", {}, E.make("strong", {}, title), copied ? " – copied." : " – copy it from here."),
      E.make("div", {}, box, button), ...onlyHere(text));
    box.focus(); box.select();
    const alone = place.querySelector("#explore-only-here") ? " It works on this computer only." : "";
    said((copied ? `${title} copied.` : `${title} is shown; copy it from there.`) + alone);
  };

  // An address of this computer leads nowhere on another.
  function onlyHere(text) {
    if (!/^https?:/.test(text) || !LOCAL.includes(new URL(text).hostname)) return [];
    return [E.make("p", { class: "explore-warning", id: "explore-only-here" },
      "This link works on this computer only. To share the plan with others, save its plan file under ",
      E.pageLink("plans", {}, "Saved plans"), " and send that, or have the dashboard served for the team.")];
  }
})();
