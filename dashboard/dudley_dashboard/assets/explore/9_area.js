// The page Explore in one area: what the plan is, what it was before, and drawing it.
(function () {
  "use strict";
  const E = (window.dudleyExplore = window.dudleyExplore || {});

  const OLD_CHARTS = { unlanded: "landed" }; // of links made before charts were renamed

  // past: over all areas. go(search, how): shows a plan in another area. at: the plan to start with.
  E.makePage = function (root, area, { start, past, at, notes, go }) {
    let plan = E.copy(at), settled = E.copy(at), shown = chartsOf(location.search);
    let gesture = false, latest = null, lastLook = 0, held = false;

    // --- what is on the page
    const tiles = E.makeTiles(area, renew), pickers = E.makePickers(area, choose), tour = E.makeTour();
    const reset = (name) => commit(E.withLever(plan, name, null, area));
    const panel = E.makePanel(area, { move, settle, reset, added: () => panel.set(plan) });
    const bar = E.makeToolbar(["undo", "redo", "replay", "reset"], [
      ["undo", "Undo", "Take the last change back (Ctrl+Z)", () => step(past.back(settled))],
      ["redo", "Redo", "Make it again (Ctrl+Y)", () => step(past.forward(settled))],
      ["replay", "Replay", "See the last change happen again", () => workshop.replay(past.last(), runner)],
      ["reset", "Reset all", "Back to the usual plan, in this area", () => commit(usualHere())],
      ["predict", "Predict first", "Workshop: hide the answer until everybody has guessed", togglePredict],
      ["share", "Share link", "Copy the address of exactly this", offerLink],
      ["command", "Command line", "Copy the command that gives the same numbers", offerCommand],
      ["print", "Print", "Print this page, or keep it as PDF", () => window.print()],
      ["tour", "Tour", "Five hints for the first visit", () => tour.start()],
    ]);
    const cards = [0, 1, 2, 3].map((place) => E.makeCard(place, area, (name) => {
      shown[place] = name;
      cards[place].show(name);
      keepAddress(true);
      draw(true);
    }));
    const parts = { bar, pickers, panel, tiles, cards, tour, reveal: revealNow };
    const { copies, asked, moved, key, refused, noted, live, reveal, side } = E.layOut(root, area, parts);
    cards.forEach((card, place) => card.show(shown[place]));
    const runner = E.makeRunner(area, { wanted: () => plan, took, refused: refuse });
    const drawing = { heading, paint, draw, say };
    const workshop = E.makeWorkshop({ area, panel, plan: () => plan, latest: () => latest, ...drawing });

    function chartsOf(search) {
      const known = area.charts.map((spec) => spec.key);
      const given = (new URLSearchParams(search).get("charts") || "").split(",")
        .map((key) => OLD_CHARTS[key] || key);
      const wanted = given.filter((each) => known.includes(each));
      return start.shown.map((usual, place) => wanted[place] || usual);
    }
    const usualHere = () => ({ ...E.usualPlan(), footprint: plan.footprint, projection: plan.projection });

    // --- drawing
    function took(found) {
      latest = found;
      if (!refused.hidden) refused.hidden = true;
      if (found.notes.length) note(found.notes);
      draw(!gesture);
    }
    // What was drawn last stays, and the reader is told why nothing moves.
    function refuse(why) {
      E.write(refused, "The model has no answer for this; what is drawn is the answer before. " +
        `Take the last change back. ${why}`);
      refused.hidden = false;
      if (!gesture) root.dataset.drawn = E.searchOf(plan);
    }
    function draw(still) {
      if (!latest || workshop.moving()) return;
      const { found, hidden } = workshop.sight(latest);
      paint(found, hidden ? null : found, still);
      if (reveal.hidden === hidden) reveal.hidden = !hidden;
      if (!still || latest.search !== E.searchOf(plan)) return;
      E.write(live, tiles.summary(stateOf(hidden ? null : latest)));
      root.dataset.drawn = latest.search;
    }
    // Medians have come.
    function renew() {
      if (!latest || gesture || workshop.moving()) return;
      const { found, hidden } = workshop.sight(latest);
      paint(found, hidden ? null : found, true);
      E.write(live, tiles.summary(stateOf(hidden ? null : latest), false));
    }
    // The tiles compare with do nothing in the same future; null: they are hidden.
    function stateOf(found) {
      const of = found || latest;
      return { plan: of, base: of.base, without: { run: of.without }, hidden: !found, nothing: of.nothing };
    }
    function paint(found, seen, still) {
      const title = found.before ? E.RUN_WORDS.before : asked.textContent;
      tiles.draw(stateOf(seen));
      const drawn = { ...found, lines: seen && !found.before ? tiles.lines(found) : null };
      for (const card of cards) card.draw(drawn, found.base, still, title);
      E.writeKey(key, drawn);
    }

    // --- changing the plan
    function move(name, value) {
      workshop.end();
      noted.hidden = true;
      if (!gesture) { gesture = true; keepAddress(true); }
      plan = E.withLever(plan, name, value, area);
      const now = performance.now();
      if (now - lastLook > 300) { lastLook = now; keepAddress(false); }
      runner.ask();
    }
    function settle() {
      gesture = false;
      if (!E.same(plan, settled)) remember();
      keepAddress(false);
      refresh();
    }
    function commit(next) {
      if (held || E.same(next, plan)) return;
      noted.hidden = true;
      plan = next;
      remember();
      keepAddress(true);
      refresh();
    }
    function remember() { past.add(settled); settled = E.copy(plan); }
    function step(to) {
      if (!to || held) return;
      if (!E.sameArea(to, area)) { go(E.searchOf(to), { push: true }); return; }
      noted.hidden = true;
      open(to, { push: true });
    }
    function choose(kind, name) {
      const next = { ...plan, [kind]: name };
      if (!E.sameArea(next, area)) { go(E.searchOf(next), { push: true, remember: true }); return; }
      commit({ ...next, levers: stillNeeded(next) });
    }
    // What the user set stays, unless the new choice puts the lever there by itself.
    const stillNeeded = (next) => Object.fromEntries(
      Object.entries(next.levers).filter(([name, value]) => value !== E.startOf(next, name, area)));

    // A plan from elsewhere: an address, or what was before.
    function open(next, how) {
      if (how.remember && !E.same(next, settled)) past.add(settled);
      plan = E.copy(next);
      settled = E.copy(next);
      gesture = false;
      if (how.push) keepAddress(true);
      else {
        shown = chartsOf(location.search);
        cards.forEach((card, place) => { if (card.key !== shown[place]) card.show(shown[place]); });
      }
      if (how.notes) note(how.notes);
      refresh();
    }

    function refresh() {
      workshop.end();
      panel.set(plan); pickers.set(plan);
      const usual = E.same(plan, usualHere()), before = past.last();
      bar.enable({ ...past.can(), replay: Boolean(before && E.sameArea(before, area)), reset: !usual });
      heading(null);
      const told = Object.keys(plan.levers).map((name) => panel.control(name).told(plan.levers[name]));
      E.write(moved, told.length ? `Levers moved: ${told.join("; ")}. ${location.href}` : " ");
      runner.ask();
    }
    function heading(words) {
      E.write(asked, words || E.planWords(plan, area));
      asked.title = asked.textContent;
    }
    function keepAddress(push) {
      const usual = start.shown.join() === shown.join(), pairs = E.pairsOf(plan);
      const own = usual ? [] : [["charts", shown.join(",")]];
      const others = [...new URLSearchParams(location.search)]
        .filter(([name]) => !E.PLAN_KEYS.includes(name) && name !== "charts");
      const first = pairs.length || !own.length ? pairs : [["v", "1"]];
      const search = window.dudley.writeSearch([...first, ...own, ...others]);
      const other = search !== location.search;
      if (other || push) window.dudley.go(location.pathname + search, push && (other || gesture), null);
    }

    // --- what is said
    function say(words) { E.write(live, words); }
    function note(words) {
      noted.replaceChildren(...words.map((each) => E.make("p", {}, each)));
      noted.hidden = !words.length;
    }
    const offer = (title, text) => E.offer(copies, title, text, say);
    function offerLink() { offer("Link to this plan", location.href); }
    function offerCommand() { offer("Command that gives the same numbers", E.commandLine(plan)); }
    function togglePredict() { workshop.toggle(bar.made.predict); }
    function revealNow() { reveal.hidden = true; workshop.reveal(); }

    // Another area is on its way: nothing can be changed here that would be lost.
    function hold(now, why) {
      held = now;
      const others = root.querySelectorAll(".explore-picker:not(:has(#explore-footprint))");
      for (const each of [...side, ...bar.elements, ...others]) each.inert = now;
      if (!now) pickers.set(plan);
      if (!why) return;
      keepAddress(false);
      note([`That area could not be fetched, and this one stays: ${why}. Choose it again.`]);
    }

    function onKey(event) {
      const typing = /^(text|search|number)$/.test(event.target.type || "");
      if (!(event.ctrlKey || event.metaKey) || event.altKey || typing) return;
      const letter = event.key.toLowerCase(), redo = letter === "y" || (letter === "z" && event.shiftKey);
      if (!redo && letter !== "z") return;
      event.preventDefault();
      if (!held) step(redo ? past.forward(settled) : past.back(settled));
    }

    E.currentPlan = () => plan;
    window.addEventListener("keydown", onKey);
    note(notes);
    refresh();
    E.offerTour(root, tour);
    return {
      area, open, hold, keepAddress,
      plan: () => settled,
      stop() {
        for (const card of cards) card.stop();
        for (const element of bar.elements) element.remove();
        runner.stop();
        workshop.stop();
        window.removeEventListener("keydown", onKey);
      },
    };
  };
})();
