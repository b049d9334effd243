// The page Explore: it draws what the address asks for, in whichever area that is.

import { make } from "../dom.js";
import { loadArea, readOnServer } from "../engine.js";
import { onElement } from "../observer.js";
import { copyRequest, readRequest, sameArea } from "../request.js";
import { makeAreaPage } from "./area_page.js";
import { watchBands } from "./bands.js";

let page = null;

export function watchExplore() {
  watchBands();
  onElement("explore", start);
}

// The request that is drawn, also while a slider moves.
export const currentRequest = () => page.request();

function start(root) {
  const options = JSON.parse(root.dataset.start), history = makeHistory(), began = location.search;
  let turn = 0, stopped = false, onItsWay = null;
  page = null;
  first();

  // The server has read the address already: what it read is what is drawn.
  async function first() {
    const mine = ++turn;
    try {
      await show({ plan: options.plan, notes: [], model: options.model }, () => stopped || mine !== turn);
    } catch (error) { fail(error); return; }
    if (page && !stopped && location.search !== began) go(location.search, {});
  }

  // Draws what an address asks for. Of two that follow each other only the later is drawn.
  async function go(search, how) {
    if (onItsWay === search) return;
    const mine = ++turn, late = () => stopped || mine !== turn;
    const here = page && readRequest(search, page.area);
    onItsWay = null;
    if (here) { page.hold(false); page.open(here, { ...how, notes: [] }); return; }
    onItsWay = search;
    if (page) page.hold(true);
    try {
      const found = await readOnServer(options.prefix, search);
      if (late()) return;
      if (page && sameArea(found.plan, page.area)) {
        page.hold(false);
        page.open(found.plan, { ...how, notes: found.notes });
      } else await show(found, late, how);
    } catch (error) {
      if (!late()) { if (page) page.hold(false, error.message); else fail(error); }
    } finally { if (!late()) onItsWay = null; }
  }

  async function show({ plan: request, notes, model }, late, how = {}) {
    const area = await loadArea(options.prefix, request.footprint, model, request.projection);
    if (late()) return;
    if (page) {
      if (how.remember) history.add(page.settled());
      page.stop();
    }
    page = makeAreaPage(root, area, { charts: options.shown, history, request, notes, go });
    if (how.push) page.keepAddress(true);
  }

  function fail(error) {
    const words = `The model could not be fetched: ${error.message}. Load the page again.`;
    root.replaceChildren(make("p", { class: "explore-warning", role: "alert" }, words));
  }

  // Back, Forward, or a request opened elsewhere.
  const follow = () => { if (page) go(location.search, { remember: true }); };
  window.addEventListener("popstate", follow);
  window.addEventListener("dudley:address", follow);
  return () => {
    stopped = true;
    window.removeEventListener("popstate", follow);
    window.removeEventListener("dudley:address", follow);
    if (page) page.stop();
  };
}

// Requests chosen before, over all areas: for Undo, Redo and Replay.
export function makeHistory() {
  const before = [], after = [];
  function step(from, onto, now) {
    if (!from.length) return null;
    onto.push(copyRequest(now));
    return from.pop();
  }
  return {
    add(request) { before.push(copyRequest(request)); after.length = 0; },
    // The request before, or after; the one that is left can be come back to.
    back: (now) => step(before, after, now),
    forward: (now) => step(after, before, now),
    last: () => before[before.length - 1] || null,
    can: () => ({ undo: before.length > 0, redo: after.length > 0 }),
  };
}
