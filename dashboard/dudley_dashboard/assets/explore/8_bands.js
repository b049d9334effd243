// Median and 8 in 10 runs of what is shown: asked of the server once a plan has stood still.
(function () {
  "use strict";
  const E = (window.dudleyExplore = window.dudleyExplore || {});
  const STILL = 1000, KEPT = 60;
  const NOT_YET = { kind: "waiting" }, WORKING = { kind: "working" };
  let latest = null;
  window.addEventListener("pagehide", () => { if (latest) latest.pause(); });
  window.addEventListener("pageshow", () => { if (latest) latest.resume(); });

  // tell() is called when there is something new to show; here() says whether the page is still there.
  E.makeBands = function (tell, here) {
    const kept = new Map();
    let wanted = null, timer = 0, asked = false, paused = false, now = NOT_YET, before = null, turn = 0;
    if (latest) latest.stop();

    // A plan is shown: what was asked for another is not wanted any more. Null while something moves.
    function follow(search) {
      if (search === wanted) return;
      stop();
      wanted = search;
      if (now.kind === "done") before = now;
      now = kept.get(search) || NOT_YET;
    }

    // It is shown for good: it is asked for if it stays, again after a failure.
    function settle(search) {
      follow(search);
      if (now.kind !== "done" && !timer && !asked) timer = setTimeout(ask, STILL);
    }

    // An answer that comes after a stop belongs to a turn that is over.
    function stop() {
      turn += 1;
      clearTimeout(timer);
      timer = 0;
      asked = false;
    }

    // A page that is left may come back as it was.
    function pause() {
      paused = Boolean(timer || asked);
      stop();
    }

    function resume() {
      if (paused) settle(wanted);
      paused = false;
    }

    async function ask() {
      const search = wanted, mine = turn;
      timer = 0;
      if (!here()) { stop(); return; }
      if (document.hidden) { timer = setTimeout(ask, STILL); return; }
      asked = true;
      now = WORKING;
      tell();
      let found;
      try { found = await send({ search }); } catch (_) { found = { kind: "failed" }; }
      keep(search, found);
      if (mine !== turn) return;
      if (found.kind === "working") { timer = setTimeout(ask, STILL); return; }
      now = found;
      asked = false;
      if (here()) tell();
    }

    function keep(search, found) {
      if (found.kind !== "done") return;
      if (kept.size >= KEPT) kept.delete(kept.keys().next().value);
      kept.set(search, found);
    }
    // before: the last answer that was there, of another plan, until there is one of this.
    return (latest = { follow, settle, stop, pause, resume, told: () => now, before: () => before });
  };

  async function send(content) {
    const { prefix } = E.start(), headers = { "Content-Type": "application/json" };
    const options = { method: "POST", headers, body: JSON.stringify(content) };
    return (await fetch(prefix + "api/bands", options)).json();
  }
})();
