// The page Explore: what the plan is, what was it before, and drawing it, one frame at a time.
(function () {
  "use strict";
  const E = (window.dudleyExplore = window.dudleyExplore || {});

  window.dudley.onPage("explore", function (root) {
    const start = JSON.parse(root.dataset.start);
    let stopped = false, page = null;
    begin(start.plan.footprint, start.model);

    async function begin(footprint, addresses) {
      try {
        const area = await E.loadArea(start.prefix, footprint, addresses);
        if (stopped) return;
        if (page) page.stop();
        page = makePage(root, area, start, (next) => begin(next));
      } catch (error) {
        root.replaceChildren(E.make("p", { class: "explore-warning", role: "alert" }, `The model could not be fetched: ${error.message}. Load the page again.`));
      }
    }
    return () => { stopped = true; if (page) page.stop(); };
  });

  function makePage(root, area, start, moveTo) {
    let plan = E.readPlan(location.search, area), settled = E.copy(plan), shown = chartsOf(location.search);
    let predict = false, gesture = false, frame = 0, waiting = false, again = false, moving = null, lastLook = 0;
    let revealed = null, base = null, without = { key: "", run: null };
    const past = [], future = [];

    // --- what is on the page
    const tiles = E.makeTiles(area), pickers = E.makePickers(area, choose);
    const panel = E.makePanel(area, { move, settle, reset: (name) => commit(E.withLever(plan, name, null, area)), added: () => panel.set(plan) });
    const bar = E.makeToolbar(["undo", "redo", "replay", "reset"], [
      ["undo", "Undo", "Take the last change back (Ctrl+Z)", undo],
      ["redo", "Redo", "Make it again (Ctrl+Y)", redo],
      ["replay", "Replay", "See the last change happen again", replay],
      ["reset", "Reset all", "Back to the usual plan", () => commit({ ...E.usualPlan(), footprint: plan.footprint })],
      ["predict", "Predict first", "Workshop: hide the answer until everybody has made a guess", togglePredict],
      ["share", "Share link", "Copy the address of exactly this", () => E.offer(copies, "Link to this plan", location.href, say)],
      ["command", "Command line", "Copy the command that gives the same numbers", () => E.offer(copies, "Command that gives the same numbers", E.commandLine(plan), say)],
      ["print", "Print", "Print this page, or keep it as PDF", () => window.print()],
      ["tour", "Tour", "Five hints for the first visit", () => tour.start()],
    ]);
    const copies = E.make("div", { class: "explore-copies no-print", hidden: true });
    const asked = E.make("p", { class: "explore-asked" }, " "), moved = E.make("p", { class: "explore-moved" }, " "), lower = (text) => (/^[A-Z][a-z ]/.test(text) ? text[0].toLowerCase() + text.slice(1) : text), key = E.make("p", { class: "explore-key" }), refused = E.make("p", { class: "explore-warning", role: "alert", hidden: true }, " "), live = E.make("p", { class: "hidden-words", role: "status", "aria-live": "polite" }, " ");
    const reveal = E.make("div", { class: "explore-reveal", hidden: true }, E.make("p", {}, E.make("strong", {}, "What do you expect? "), "Say it aloud, or draw it. Then:"), E.make("button", { type: "button", class: "strong", id: "explore-reveal", onclick: revealNow }, "Reveal"));
    const cards = [0, 1, 2, 3].map((place) => E.makeCard(place, area, (name) => { shown[place] = name; cards[place].show(name); keepAddress(true); draw(true); }));
    const tour = E.makeTour(), seats = E.make("div", { class: "explore-charts" }, ...cards.map((card) => card.element));
    const head = document.getElementById("explore-head");
    head.append(...bar.elements);
    root.replaceChildren(
      copies,
      E.make("div", { class: "explore-page" },
        E.make("section", { class: "explore-side", "aria-label": "Your plan" }, E.make("h2", { class: "hidden-words" }, "Your plan"), pickers.element, E.make("div", { class: "explore-groups" }, ...panel.elements), panel.search),
        E.make("section", { class: "explore-main", "aria-label": "What happens" }, E.make("h2", { class: "hidden-words" }, "What happens"), E.make("div", { class: "explore-says" }, asked, key), moved, refused, E.make("div", { class: "explore-tiles" }, ...tiles.elements), E.makeCaveats(area), reveal, seats)),
      live, tour.element);
    root.dataset.engine = area.engine.here ? "browser" : "server";
    cards.forEach((card, place) => card.show(shown[place]));
    const notHere = area.engine.here ? null : E.make("p", { class: "explore-aside", id: "explore-on-server" }, "Worked out on the server: this browser, or this area, does not run the model itself.");
    if (notHere) root.querySelector(".explore-main").prepend(notHere);

    function chartsOf(search) {
      const known = area.charts.map((spec) => spec.key), given = (new URLSearchParams(search).get("charts") || "").split(",").filter((each) => known.includes(each));
      return start.shown.map((usual, place) => given[place] || usual);
    }

    // --- running and drawing: one frame at a time, the latest plan wins, the last is always drawn
    function ask() { if (!frame) frame = requestAnimationFrame(onFrame); }

    function onFrame() {
      frame = 0;
      if (waiting) { again = true; return; }
      const wanted = plan, other = E.nothingDecided(wanted, area), otherKey = E.searchOf(other);
      const plans = [wanted, ...(without.key === otherKey && without.run ? [] : [other]), ...(base ? [] : [E.baseline(wanted)])];
      let answer;
      try { answer = area.engine.run(plans); } catch (_) { refuse("Some number of the model is no longer finite."); return; }
      const take = (runs) => {
        const found = { run: runs.shift(), search: E.searchOf(wanted), nothing: E.decidesNothing(wanted, area) };
        if (!(without.key === otherKey && without.run)) without = { key: otherKey, run: runs.shift() };
        if (!base) base = { run: runs.shift() };
        found.without = without.run;
        latest = found;
        if (!refused.hidden) refused.hidden = true;
        draw(!gesture);
      };
      if (!answer.then) { take(answer); return; }
      waiting = true;
      answer.then(take, (error) => refuse(error.message)).finally(() => { waiting = false; if (again) { again = false; ask(); } });
    }
    let latest = null;
    // What was drawn last stays, and the reader is told why nothing moves.
    function refuse(why) {
      E.write(refused, `The model has no answer for this; what is drawn is the answer before. Take the last change back. ${why}`);
      refused.hidden = false;
      if (!gesture) root.dataset.drawn = E.searchOf(plan);
    }

    function draw(still) {
      if (!latest || moving) return;
      const hidden = predict && revealed !== null && revealed.search !== latest.search;
      paint(hidden ? revealed : latest, hidden, still);
      if (!hidden) revealed = latest;
      if (!still || latest.search !== E.searchOf(plan)) return;
      E.write(live, tiles.summary(stateOf(latest, hidden)));
      root.dataset.drawn = latest.search;
    }
    const stateOf = (found, hidden) => ({ plan: found, base, hidden, nothing: found.nothing });
    function paint(found, hidden, still) {
      for (const card of cards) card.draw(found, base, still, asked.textContent);
      tiles.draw(stateOf(found, hidden));
      if (reveal.hidden === hidden) reveal.hidden = !hidden;
    }

    // --- changing the plan
    function move(name, value) {
      if (!gesture) { gesture = true; keepAddress(true); }
      plan = E.withLever(plan, name, value, area);
      const now = performance.now();
      if (now - lastLook > 300) { lastLook = now; keepAddress(false); }
      ask();
    }
    function settle() {
      gesture = false;
      if (!E.same(plan, settled)) remember();
      keepAddress(false);
      refresh();
    }

    function commit(next) {
      if (E.same(next, plan)) return;
      plan = next;
      remember();
      keepAddress(true);
      refresh();
    }

    function remember() { past.push(settled); future.length = 0; settled = E.copy(plan); }
    function undo() { if (past.length) { future.push(settled); step(past.pop()); } }
    function redo() { if (future.length) { past.push(settled); step(future.pop()); } }
    function step(to) { plan = E.copy(to); settled = E.copy(to); keepAddress(true); refresh(); }

    function choose(kind, name) {
      if (kind === "footprint") { window.dudley.setSearch({ footprint: name === "dudley" ? null : name, v: "1" }, true); moveTo(name); return; }
      commit({ ...plan, levers: stillNeeded({ ...plan, [kind]: name }), [kind]: name });
    }
    // What the user set stays, unless the new choice puts the lever there by itself.
    const stillNeeded = (next) => Object.fromEntries(Object.entries(next.levers).filter(([name, value]) => value !== E.startOf(next, name, area)));

    function refresh() {
      panel.set(plan); pickers.set(plan);
      bar.enable({ undo: past.length > 0, redo: future.length > 0, replay: past.length > 0, reset: E.searchOf({ ...plan, footprint: "dudley" }) !== "" });
      const title = (kind) => area.choices[kind].find((each) => each.key === plan[kind]).title, changed = Object.keys(plan.levers).length;
      E.write(asked, `${title("footprint")}, ${title("scenario")}: left shift ${lower(title("portfolio"))}, ${plan.contract === "as_now" ? "contract as now" : "contract " + title("contract")}${changed ? `, ${changed} lever${changed > 1 ? "s" : ""} moved` : ""}`);
      asked.title = asked.textContent;
      const told = Object.keys(plan.levers).map((name) => panel.control(name).told(plan.levers[name]));
      E.write(moved, told.length ? `Levers moved: ${told.join("; ")}. ${location.href}` : " ");
      const apart = plan.scenario === "official_future" ? "Official Future, nothing put in place" : "Official Future (not your future), nothing put in place";
      key.replaceChildren(E.make("span", { class: "explore-swatch plan" }), "Your plan", E.make("span", { class: "explore-swatch base" }), `Baseline: ${apart}`);
      ask();
    }

    function keepAddress(push) {
      const usual = start.shown.join() === shown.join(), own = usual ? [] : [["charts", shown.join(",")]];
      const others = [...new URLSearchParams(location.search)].filter(([name]) => !["v", "scenario", "portfolio", "contract", "footprint", "projection", "set", "charts"].includes(name));
      const pairs = E.pairsOf(plan);
      const search = window.dudley.writeSearch([...(pairs.length || !own.length ? pairs : [["v", "1"]]), ...own, ...others]);
      if (search !== location.search || push) window.dudley.go(location.pathname + search, push && search !== location.search || gesture && push, null);
    }

    // Back, Forward, or a plan opened elsewhere.
    function follow() {
      const wanted = new URLSearchParams(location.search).get("footprint") || "dudley";
      if (wanted !== area.footprint && area.choices.footprint.some((each) => each.key === wanted)) { moveTo(wanted); return; }
      const next = E.readPlan(location.search, area);
      shown = chartsOf(location.search);
      cards.forEach((card, place) => { if (card.key !== shown[place]) card.show(shown[place]); });
      if (!E.same(next, settled)) { plan = next; remember(); }
      plan = next;
      refresh();
    }

    // --- workshop: predict, reveal, replay
    function togglePredict() {
      predict = !predict;
      bar.made.predict.setAttribute("aria-pressed", String(predict));
      if (!predict) revealNow(); else say("The answer to your next change stays hidden until you reveal it.");
    }
    function revealNow() {
      const from = revealed;
      reveal.hidden = true;
      revealed = null;
      if (latest && from && from.search !== latest.search) animate(from, latest); else draw(true);
    }

    async function replay() {
      if (!past.length || !latest) return;
      const before = past[past.length - 1];
      const [run, other] = await area.engine.run([before, E.nothingDecided(before, area)]);
      say("Replaying the last change.");
      animate({ run, without: other }, latest, 1600, before);
    }

    // From one answer to the other; sliders that differ move too. Without motion it shows the one, then the other.
    function animate(from, to, lasting = 1000, before = null) {
      const still = matchMedia("(prefers-reduced-motion: reduce)").matches, began = performance.now();
      const names = before ? [...new Set([...Object.keys(before.levers), ...Object.keys(plan.levers)])] : [];
      const ends = names.map((name) => [panel.control(name), E.row(before, area)[area.placesOf.get(name)[0]], E.row(plan, area)[area.placesOf.get(name)[0]]]);
      const token = (moving = {});
      const tick = (now) => {
        if (moving !== token) return;
        const time = Math.max(0, Math.min(1, (now - began) / lasting)), part = still ? Math.floor(time) : time * time * (3 - 2 * time);
        const mix = (one, other) => (one && other ? one.map((value, place) => value + part * (other[place] - value)) : other);
        paint({ run: mix(from.run, to.run), without: mix(from.without, to.without) }, false, false);
        for (const [control, one, other] of ends) if (control) control.show(one + part * (other - one));
        if (time < 1) { requestAnimationFrame(tick); return; }
        moving = null;
        panel.set(plan);
        draw(true);
      };
      requestAnimationFrame(tick);
    }

    function say(words) { E.write(live, words); }
    function onKey(event) {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || /^(text|search|number)$/.test(event.target.type || "")) return;
      const letter = event.key.toLowerCase();
      if (letter === "z" && !event.shiftKey) { event.preventDefault(); undo(); }
      if (letter === "y" || (letter === "z" && event.shiftKey)) { event.preventDefault(); redo(); }
    }

    E.currentPlan = () => plan;
    window.addEventListener("popstate", follow);
    window.addEventListener("dudley:address", follow);
    window.addEventListener("keydown", onKey);
    refresh();
    E.offerTour(root, tour);
    return {
      stop() {
        for (const card of cards) card.stop();
        for (const element of bar.elements) element.remove();
        cancelAnimationFrame(frame);
        moving = null;
        window.removeEventListener("popstate", follow);
        window.removeEventListener("dudley:address", follow);
        window.removeEventListener("keydown", onKey);
      },
    };
  }
})();
