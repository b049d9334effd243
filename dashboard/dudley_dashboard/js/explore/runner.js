// Runs of the page, one frame at a time: the latest request wins, and the last is always drawn.

import { doNothing, referenceCase, sameRequest, searchOf } from "../request.js";

// on: {request() -> what is to run, took(found), refused(why)}; found: {request, search, run, base, without, nothing,
// apart}: base and without are the reference case and do nothing in the same future, apart whether those
// differ, nothing whether the request is do nothing itself.
export function makeRunner(area, on) {
  let frame = 0, waiting = false, again = false, stopped = false;
  let base = null, without = { key: null, run: null };

  function ask() { if (!frame) frame = requestAnimationFrame(onFrame); }

  function onFrame() {
    frame = 0;
    if (waiting) { again = true; return; }
    const request = on.request(), about = describe(request), { apart, other } = about, key = searchOf(other);
    const missing = apart && without.key !== key;
    const requests = [request, ...(base ? [] : [referenceCase(request)]), ...(missing ? [other] : [])];
    let answer;
    try { answer = area.engine.run(requests); } catch (_) {
      on.refused("Some number of the model is no longer finite.");
      return;
    }
    const take = (runs) => {
      const run = runs.shift();
      if (!base) base = { run: runs.shift() };
      if (missing) without = { key, run: runs.shift() };
      const notes = area.engine.notes || [];
      on.took({ ...about, base, run, without: apart ? without.run : base.run, notes });
    };
    if (!answer.then) { take(answer); return; }
    waiting = true;
    const unlessStopped = (call) => (value) => { if (!stopped) call(value); };
    answer.then(unlessStopped(take)).catch(unlessStopped((error) => on.refused(error.message))).finally(() => {
      waiting = false;
      if (again && !stopped) { again = false; ask(); }
    });
  }

  // An answer that is not on the page: of an earlier request in this area.
  async function once(request) {
    const about = describe(request);
    const [run, nothing] = await area.engine.run([request, about.other]);
    return { ...about, base, run, without: nothing };
  }

  function describe(request) {
    const other = doNothing(request, area);
    const apart = !sameRequest(other, referenceCase(request)), nothing = sameRequest(request, other);
    return { request, search: searchOf(request), other, apart, nothing };
  }
  return { ask, once, stop: () => { stopped = true; cancelAnimationFrame(frame); } };
}
