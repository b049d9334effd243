// How far many runs spread about the numbers in the tiles: asked of the server once a plan has stood still.
(function () {
  "use strict";
  const E = (window.dudleyExplore = window.dudleyExplore || {});
  const STILL = 2000, AGAIN = 700, KEPT = 60;
  const NOT_YET = { kind: "waiting" };
  let latest = null;
  window.addEventListener("pagehide", () => { if (latest) latest.stop(); });

  // tell() is called when there is something new to show; here() says whether the page is still there.
  E.makeBands = function (tell, here) {
    const kept = new Map(), visitor = crypto.getRandomValues(new Uint8Array(16)).reduce(asHex, "");
    let wanted = null, timer = 0, asked = false, now = NOT_YET;
    if (latest) latest.stop();

    // A plan is shown: what was asked for another is not wanted any more. Null while something moves.
    function follow(search) {
      if (search === wanted) return;
      stop();
      wanted = search;
      now = kept.get(search) || NOT_YET;
    }

    // It is shown for good: it is asked for if it stays.
    function settle(search) {
      follow(search);
      if (now === NOT_YET && !timer) timer = setTimeout(ask, STILL);
    }

    function stop() {
      clearTimeout(timer);
      timer = 0;
      if (asked) send({ visitor, leave: true }, true).catch(() => null);
      asked = false;
    }

    async function ask() {
      const search = wanted;
      if (!here()) { stop(); return; }
      if (document.hidden) { timer = setTimeout(ask, STILL); return; }
      asked = true;
      let found;
      try { found = await send({ visitor, search }); } catch (_) { found = { kind: "failed" }; }
      if (search !== wanted) return;
      now = found;
      if (found.kind === "working") timer = setTimeout(ask, AGAIN);
      else { asked = false; keep(search, found); }
      if (here()) tell();
    }

    function keep(search, found) {
      if (kept.size >= KEPT) kept.delete(kept.keys().next().value);
      if (found.kind !== "failed") kept.set(search, found);
    }
    return (latest = { follow, settle, stop, told: () => now });
  };

  async function send(content, keepalive) {
    const { prefix } = E.start(), headers = { "Content-Type": "application/json" };
    const options = { method: "POST", headers, body: JSON.stringify(content), keepalive };
    return (await fetch(prefix + "api/bands", options)).json();
  }
  const asHex = (text, byte) => text + byte.toString(16).padStart(2, "0");
})();
