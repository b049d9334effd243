// Runs what is wanted, one frame at a time: the latest plan wins, and the last is always drawn.
(function () {
  "use strict";
  const E = (window.dudleyExplore = window.dudleyExplore || {});

  // on: {wanted() -> plan, took(found), refused(why)}; found: {run, base, without, search, nothing, apart}.
  E.makeRunner = function (area, on) {
    let frame = 0, waiting = false, again = false, stopped = false;
    let base = null, without = { key: null, run: null };

    function ask() { if (!frame) frame = requestAnimationFrame(onFrame); }

    function onFrame() {
      frame = 0;
      if (waiting) { again = true; return; }
      const plan = on.wanted(), { apart } = told(plan);
      const other = E.nothingDecided(plan, area), key = E.searchOf(other);
      const missing = apart && without.key !== key;
      const wanted = [plan, ...(base ? [] : [E.referenceCase(plan)]), ...(missing ? [other] : [])];
      let answer;
      try { answer = area.engine.run(wanted); } catch (_) {
        on.refused("Some number of the model is no longer finite.");
        return;
      }
      const take = (runs) => {
        const run = runs.shift();
        if (!base) base = { run: runs.shift() };
        if (missing) without = { key, run: runs.shift() };
        const notes = area.engine.notes || [];
        on.took({ ...told(plan), run, without: apart ? without.run : base.run, notes });
      };
      if (!answer.then) { take(answer); return; }
      waiting = true;
      const unless = (call) => (value) => { if (!stopped) call(value); };
      answer.then(unless(take)).catch(unless((error) => on.refused(error.message))).finally(() => {
        waiting = false;
        if (again && !stopped) { again = false; ask(); }
      });
    }

    // An answer that is not on the page: of an earlier plan in this area.
    async function once(plan) {
      const [run, without] = await area.engine.run([plan, E.nothingDecided(plan, area)]);
      return { ...told(plan), run, without };
    }

    function told(plan) {
      const other = E.nothingDecided(plan, area);
      const apart = !E.same(other, E.referenceCase(plan)), nothing = E.same(plan, other);
      return { base, apart, nothing, search: E.searchOf(plan) };
    }
    return { ask, once, stop: () => { stopped = true; cancelAnimationFrame(frame); } };
  };
})();
