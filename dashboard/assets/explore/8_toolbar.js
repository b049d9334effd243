// Pickers, buttons and the tour of the page Explore.
(function () {
  "use strict";
  const E = (window.dudleyExplore = window.dudleyExplore || {});
  const PICKERS = { scenario: "Future", portfolio: "Left-shift plan", contract: "Contract", footprint: "Area", projection: "Projection of people" };

  // Four choices, each with its story; choose(kind, key) is called when one is made.
  E.makePickers = function (area, choose) {
    const selects = {}, stories = {};
    const fields = Object.entries(PICKERS).map(([kind, title]) => {
      const id = "explore-" + kind;
      selects[kind] = E.make("select", { id, onchange: () => choose(kind, selects[kind].value) }, ...area.choices[kind].map((each) => E.make("option", { value: each.key }, each.title)));
      const parts = [E.make("label", { for: id }, title), selects[kind]];
      if (!["footprint", "projection"].includes(kind)) {
        stories[kind] = E.make("div", { class: "explore-story" });
        parts.push(E.make("details", {}, E.make("summary", { class: "small" }, "Story", E.make("span", { class: "hidden-words" }, ` of this ${title.toLowerCase()}`)), stories[kind]));
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
    place.replaceChildren(E.make("p", {}, chosen.story), ...(chosen.note ? [E.make("p", { class: "explore-aside" }, chosen.note)] : []),
      ...(chosen.levels && chosen.levels.length ? [E.make("ul", {}, ...chosen.levels.map(([name, level]) => E.make("li", {}, `${name}: ${level}`)))] : []),
      ...(chosen.status ? [E.make("p", { class: "explore-aside" }, `Status: ${chosen.status.replace("_", " ")}.`)] : []));
  }

  // buttons: [key, words, title, call]; those named in first always stand in sight, the others fold away on a phone.
  E.makeToolbar = function (first, buttons) {
    const made = {};
    for (const [key, words, title, call] of buttons) made[key] = E.make("button", { type: "button", class: "plain", title, id: "explore-" + key, onclick: call }, words);
    const group = (words, wanted) => E.make("div", { class: "explore-toolbar no-print", role: "group", "aria-label": words }, ...Object.keys(made).filter((key) => first.includes(key) === wanted).map((key) => made[key]));
    const more = group("This page", false), narrow = matchMedia("(max-width: 900px)").matches;
    const elements = [group("Changes", true), narrow ? E.make("details", { class: "explore-more no-print" }, E.make("summary", { class: "small" }, "More"), more) : more];
    return { elements, made, enable: (can) => { for (const [key, yes] of Object.entries(can)) if (made[key].disabled === yes) made[key].disabled = !yes; } };
  };

  // Copies text; where the browser refuses, it is shown to be copied by hand.
  E.offer = async function (place, title, text, said) {
    let copied = false;
    try { await navigator.clipboard.writeText(text); copied = true; } catch (_) { /* no permission: shown below */ }
    const box = E.make("input", { type: "text", readonly: true, value: text, "aria-label": title });
    const close = E.make("button", { type: "button", class: "plain", onclick: () => { place.replaceChildren(); place.hidden = true; } }, "Close");
    place.hidden = false;
    place.replaceChildren(E.make("p", {}, E.make("strong", {}, title), copied ? " – copied." : " – copy it from here."), E.make("div", {}, box, close));
    box.focus(); box.select();
    said(copied ? title + " copied." : title + " is shown; copy it from there.");
  };

  const STEPS = [
    [".explore-pickers", "Start with a future", "Four futures of the outside world, a left-shift plan and a contract. Open a story to read what each assumes."],
    [".explore-tiles", "What a board asks first", "Five numbers of 2033, each against the baseline: Official Future, with nothing put in place."],
    [".explore-charts", "Four charts, always two lines", "Your plan is the solid line, the baseline the dashed one. Choose another question in a chart's title."],
    [".explore-groups", "Move a slider", "The charts follow at once. The small mark shows where the slider starts; About says where its number is from and who might disagree."],
    [".explore-toolbar", "Share and replay", "Undo, replay the last change, or hide the answer and let the room predict first. The link in the address bar holds everything."],
  ];

  E.makeTour = function () {
    const box = E.make("dialog", { class: "explore-tour", "aria-labelledby": "explore-tour-title" });
    let step = 0, marked = null;
    const done = () => {
      if (marked) marked.classList.remove("explore-marked");
      try { localStorage.setItem("dudley-tour", "seen"); } catch (_) { /* storage is refused */ }
    };
    box.addEventListener("close", done);
    function show() {
      const [place, title, words] = STEPS[step], last = step === STEPS.length - 1;
      if (marked) marked.classList.remove("explore-marked");
      marked = document.querySelector(place);
      if (marked) { marked.classList.add("explore-marked"); marked.scrollIntoView({ block: "center" }); }
      box.replaceChildren(E.make("p", { class: "explore-aside" }, `${step + 1} of ${STEPS.length}`), E.make("h2", { id: "explore-tour-title" }, title), E.make("p", {}, words),
        E.make("div", {}, E.make("button", { type: "button", class: "strong", onclick: () => { if (last) box.close(); else { step += 1; show(); } } }, last ? "Start" : "Next"),
          E.make("button", { type: "button", class: "plain", onclick: () => box.close() }, "Close")));
      box.querySelector("button").focus();
    }
    return { element: box, start: () => { step = 0; if (!box.open) box.showModal(); show(); } };
  };

  // Offered until it was taken or declined; where storage is refused it is not offered, since that could not be kept.
  E.offerTour = function (root, tour) {
    let seen = "seen";
    try { seen = localStorage.getItem("dudley-tour"); } catch (_) { /* storage is refused */ }
    if (seen) return;
    const decline = () => { try { localStorage.setItem("dudley-tour", "seen"); } catch (_) { /* storage is refused */ } hint.remove(); };
    const hint = E.make("p", { class: "explore-hint no-print" }, "New here? ",
      E.make("button", { type: "button", class: "explore-link", onclick: () => { hint.remove(); tour.start(); } }, "Take the tour: five hints"),
      E.make("button", { type: "button", class: "explore-link", onclick: decline }, "No, thank you"));
    root.prepend(hint);
  };
})();
