// Workshop: an answer hidden until all in the room have guessed, and the last change happening again.

import { prefersStillness } from "../dom.js";
import { settingValues } from "../request.js";

const ON_THE_WAY = "On the way from the answer before to the answer now: no result in between";

// page: {area, panel, request(), latest(), heading(), paint(found, seen, still), draw(still), say()}.
export function makeWorkshop(page) {
  let predict = false, revealed = null, moving = null;

  // What may be seen of an answer: itself, or the one before it while it is guessed.
  function sight(latest) {
    const hidden = predict && revealed !== null && revealed.search !== latest.search;
    if (!hidden) revealed = latest;
    return { found: hidden ? { ...revealed, before: true } : latest, hidden };
  }

  function toggle(button) {
    predict = !predict;
    button.setAttribute("aria-pressed", String(predict));
    if (predict) page.say("The answer to your next change stays hidden until you reveal it.");
    else reveal();
  }

  function reveal() {
    const from = revealed, to = page.latest();
    revealed = null;
    if (to && from && from.search !== to.search) animate(from, to, { tiles: null });
    else page.draw(true);
  }

  async function replay(before, runner) {
    const to = page.latest();
    if (!before || !to) return;
    let from;
    try { from = await runner.once(before); } catch (error) { page.say(error.message); return; }
    if (page.latest() !== to) return;
    page.say("Replaying the last change.");
    animate(from, to, { tiles: from, lasting: 1600, before });
  }

  // From one answer to the other; sliders that differ move too. The tiles stay with the answer before, or
  // hidden, until the end. Without motion it shows the one, then the other.
  function animate(from, to, { tiles, lasting = 1000, before = null }) {
    const still = prefersStillness(), began = performance.now();
    const ends = before ? movedControls(before) : [], token = (moving = {});
    page.heading(ON_THE_WAY);
    const tick = (now) => {
      if (moving !== token) return;
      const time = Math.max(0, Math.min(1, (now - began) / lasting));
      const part = still ? Math.floor(time) : time * time * (3 - 2 * time);
      const mixed = { run: mix(from.run, to.run, part), without: mix(from.without, to.without, part) };
      page.paint({ ...to, ...mixed, apart: from.apart || to.apart, between: true }, tiles, false);
      for (const [control, one, other] of ends) {
        control.show(part > 0 && part < 1 ? control.near(one + part * (other - one)) : part ? other : one);
      }
      if (time < 1) requestAnimationFrame(tick); else end();
    };
    requestAnimationFrame(tick);
  }

  const mix = (one, other, part) => one.map((value, place) => value + part * (other[place] - value));

  // Sliders that differ, with their values before and now.
  function movedControls(before) {
    const now = page.request(), names = new Set([...Object.keys(before.levers), ...Object.keys(now.levers)]);
    const [one, other] = [before, now].map((each) => settingValues(each, page.area));
    return [...names].map((name) => [page.panel.control(name), page.area.placesOf.get(name)[0]])
      .filter(([control]) => control).map(([control, place]) => [control, one[place], other[place]]);
  }

  // Stops what moves and draws the answer as it is.
  function end() {
    if (!moving) return;
    moving = null;
    page.heading(null);
    page.panel.set(page.request());
    page.draw(true);
  }
  const stop = () => { moving = null; };
  return { sight, toggle, reveal, replay, end, stop, moving: () => moving !== null };
}
