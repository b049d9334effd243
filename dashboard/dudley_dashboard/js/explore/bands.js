// Median and 8 in 10 runs of a request: fetched from the server once the request has stood still.

import { prefix } from "../address.js";
import { postJson } from "../server.js";

const STILL = 1000, MOST = 60;
const NOT_YET = { kind: "waiting" }, WORKING = { kind: "working" }, FAILED = { kind: "failed" };
let latest = null;

export function watchBands() {
  window.addEventListener("pagehide", () => { if (latest) latest.pause(); });
  window.addEventListener("pageshow", () => { if (latest) latest.resume(); });
}

// renew() is called when there is something new to draw; isHere() says whether the page is still there.
export function makeBands(renew, isHere) {
  const answers = new Map();
  let current = null, timer = 0, fetching = false, paused = false, now = NOT_YET, before = null, turn = 0;
  if (latest) latest.stop();

  // A request is drawn: the answer of another is not wanted any more. Null while something moves.
  function follow(search) {
    if (search === current) return;
    stop();
    current = search;
    if (now.kind === "done") before = now;
    now = answers.get(search) || NOT_YET;
  }

  // It is drawn for good: its bands are fetched if it stays, again after a failure.
  function settle(search) {
    follow(search);
    if (now.kind !== "done" && !timer && !fetching) timer = setTimeout(load, STILL);
  }

  // An answer that comes after a stop belongs to a turn that is over.
  function stop() {
    turn += 1;
    clearTimeout(timer);
    timer = 0;
    fetching = false;
  }

  // A page that is left may come back as it was.
  function pause() {
    paused = Boolean(timer || fetching);
    stop();
  }

  function resume() {
    if (paused) settle(current);
    paused = false;
  }

  async function load() {
    const search = current, mine = turn;
    timer = 0;
    if (!isHere()) { stop(); return; }
    if (document.hidden) { timer = setTimeout(load, STILL); return; }
    fetching = true;
    now = WORKING;
    renew();
    const found = await postJson(prefix() + "api/bands", { searches: [search] }).catch(() => FAILED);
    if (found.kind === "done") keep(search, found);
    if (mine !== turn) return;
    if (found.kind === "working") { timer = setTimeout(load, STILL); return; }
    now = found;
    fetching = false;
    if (isHere()) renew();
  }

  function keep(search, found) {
    if (answers.size >= MOST) answers.delete(answers.keys().next().value);
    answers.set(search, found);
  }
  // before: the last answer that was there, of another request, until there is one of this.
  return (latest = { follow, settle, stop, pause, resume, now: () => now, before: () => before });
}
