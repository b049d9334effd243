// The page Explore: shows what the address asks for, in whichever area that is.
(function () {
  "use strict";
  const E = (window.dudleyExplore = window.dudleyExplore || {});

  window.dudley.onPage("explore", function (root) {
    const start = JSON.parse(root.dataset.start), past = E.makePast(), began = location.search;
    let turn = 0, page = null, stopped = false, asking = null;
    first();

    // The server has read the address already: what it read is what is shown.
    async function first() {
      const mine = ++turn;
      try {
        await show({ plan: start.plan, notes: [], model: start.model }, () => stopped || mine !== turn);
      } catch (error) { lost(error); return; }
      if (page && !stopped && location.search !== began) go(location.search, {});
    }

    // Shows what an address asks for. Of two that are asked for one after the other only the later is shown.
    async function go(search, how) {
      if (asking === search) return;
      const mine = ++turn, late = () => stopped || mine !== turn;
      const here = page && E.readPlan(search, page.area);
      asking = null;
      if (here) { page.hold(false); page.open(here, { ...how, notes: [] }); return; }
      asking = search;
      if (page) page.hold(true);
      try {
        const found = await E.askPlan(start.prefix, search);
        if (late()) return;
        if (page && E.sameArea(found.plan, page.area)) {
          page.hold(false);
          page.open(found.plan, { ...how, notes: found.notes });
        } else await show(found, late, how);
      } catch (error) {
        if (!late()) { if (page) page.hold(false, error.message); else lost(error); }
      } finally { if (!late()) asking = null; }
    }

    async function show({ plan, notes, model }, late, how = {}) {
      const area = await E.loadArea(start.prefix, plan.footprint, model, plan.projection);
      if (late()) return;
      if (page) {
        if (how.remember) past.add(page.plan());
        page.stop();
      }
      page = E.makePage(root, area, { start, past, at: plan, notes, go });
      if (how.push) page.keepAddress(true);
    }

    function lost(error) {
      const words = `The model could not be fetched: ${error.message}. Load the page again.`;
      root.replaceChildren(E.make("p", { class: "explore-warning", role: "alert" }, words));
    }

    // Back, Forward, or a plan opened elsewhere.
    const follow = () => { if (page) go(location.search, { remember: true }); };
    window.addEventListener("popstate", follow);
    window.addEventListener("dudley:address", follow);
    return () => {
      stopped = true;
      window.removeEventListener("popstate", follow);
      window.removeEventListener("dudley:address", follow);
      if (page) page.stop();
    };
  });
})();
