// The page Explore in one area: the request as it is and as it was, and drawing it.

import { replaceAddress, writeSearch } from "../address.js";
import { make, write } from "../dom.js";
import {
  addressPairs, commandLine, copyRequest, defaultRequest, REQUEST_KEYS, sameArea, sameRequest, searchOf, startValue,
  withSetting,
} from "../request.js";
import { makeCard } from "./card.js";
import { RUN_TITLES } from "./chart.js";
import { layOut, requestTitle, writeKey } from "./layout.js";
import { makePanel } from "./panel.js";
import { makeRunner } from "./runner.js";
import { moneyText } from "./tile_text.js";
import { makeTiles } from "./tiles.js";
import { makePickers, makeToolbar, offerText } from "./toolbar.js";
import { makeTour, offerTour } from "./tour.js";
import { makeWorkshop } from "./workshop.js";

const OLD_CHARTS = { unlanded: "landed", commissioner: "shortfall" }; // of links made before charts were renamed
const LOOK = 300; // milliseconds between two changes of the address while a slider moves

// options: {charts: those that stand there first, history: over all areas, request: to start with, notes,
// go(search, how): draws a request in another area}.
export function makeAreaPage(root, area, { charts: first, history, request: began, notes: firstNotes, go }) {
  let request = copyRequest(began), settled = copyRequest(began), charts = chartsOf(location.search);
  let gesture = false, latest = null, lastLook = 0, onHold = false;

  // --- what is on the page
  const tiles = makeTiles(area, renew), pickers = makePickers(area, choose), tour = makeTour();
  const reset = (name) => commit(withSetting(request, name, null, area));
  const panel = makePanel(area,
    { move, settle, reset, added: () => panel.set(request), request: () => request });
  const bar = makeToolbar(["undo", "redo", "replay", "reset"], [
    ["undo", "Undo", "Take the last change back (Ctrl+Z)", () => step(history.back(settled))],
    ["redo", "Redo", "Make it again (Ctrl+Y)", () => step(history.forward(settled))],
    ["replay", "Replay", "See the last change happen again", () => workshop.replay(history.last(), runner)],
    ["reset", "Reset all", "Back to the usual plan, in this area", () => commit(defaultHere())],
    ["predict", "Predict first", "Workshop: hide the answer until everybody has guessed",
      () => workshop.toggle(bar.buttons.predict)],
    ["share", "Share link", "Copy the address of exactly this", () => offer("Link to this plan", location.href)],
    ["command", "Command line", "Copy the command that gives the same numbers",
      () => offer("Command that gives the same numbers", commandLine(request))],
    ["print", "Print", "Print this page, or keep it as PDF", () => window.print()],
    ["tour", "Tour", "Five hints for the first visit", () => tour.start()],
  ]);
  const cards = [0, 1, 2, 3].map((place) => makeCard(place, area, (name) => {
    charts[place] = name;
    cards[place].show(name);
    keepAddress(true);
    draw(true);
  }));
  const parts = { bar, pickers, panel, tiles, cards, tour, reveal: revealNow };
  const { copies, title, moved, key, refusal, notes, money, live, reveal, side } = layOut(root, area, parts);
  cards.forEach((card, place) => card.show(charts[place]));
  const runner = makeRunner(area, { request: () => request, took, refused: refuse });
  const drawing = { heading, paint, draw, say };
  const workshop = makeWorkshop({ area, panel, request: () => request, latest: () => latest, ...drawing });

  function chartsOf(search) {
    const known = area.charts.map((spec) => spec.key);
    const keys = (new URLSearchParams(search).get("charts") || "").split(",")
      .map((each) => OLD_CHARTS[each] || each).filter((each) => known.includes(each));
    return first.map((each, place) => keys[place] || each);
  }
  const defaultHere = () =>
    ({ ...defaultRequest(), footprint: request.footprint, projection: request.projection });

  // --- drawing
  function took(found) {
    latest = found;
    if (!refusal.hidden) refusal.hidden = true;
    if (found.notes.length) note(found.notes);
    draw(!gesture);
  }
  // What was drawn last stays, and the reader learns why nothing moves.
  function refuse(why) {
    write(refusal, "The model has no answer for this; what is drawn is the answer before. " +
      `Take the last change back. ${why}`);
    refusal.hidden = false;
    if (!gesture) root.dataset.drawn = searchOf(request);
  }
  function draw(still) {
    if (!latest || workshop.moving()) return;
    const hidden = paintLatest(still);
    if (reveal.hidden === hidden) reveal.hidden = !hidden;
    if (!still || latest.search !== searchOf(request)) return;
    say(tiles.summary(hidden ? null : latest));
    write(money, moneyText(latest.without, area, futureTitle()));
    root.dataset.drawn = latest.search;
  }
  const futureTitle = () => area.choices.scenario.find((each) => each.key === latest.request.scenario).title;
  // Medians have come.
  function renew() {
    if (!latest || gesture || workshop.moving()) return;
    say(tiles.summary(paintLatest(true) ? null : latest, false));
  }
  function paintLatest(still) {
    const { found, hidden } = workshop.sight(latest);
    paint(found, hidden ? null : found, still);
    return hidden;
  }
  // visible: what the tiles show, null while it is hidden.
  function paint(found, visible, still) {
    const chartTitle = found.before ? RUN_TITLES.before : title.textContent;
    tiles.draw(visible);
    const drawn = { ...found, lines: visible && !found.before ? tiles.lines(found) : null };
    for (const card of cards) card.draw(drawn, still, chartTitle);
    writeKey(key, drawn);
  }

  // --- changing the request
  function move(name, value) {
    workshop.end();
    notes.hidden = true;
    if (!gesture) { gesture = true; keepAddress(true); }
    request = withSetting(request, name, value, area);
    const now = performance.now();
    if (now - lastLook > LOOK) { lastLook = now; keepAddress(false); }
    runner.ask();
  }
  function settle() {
    gesture = false;
    if (!sameRequest(request, settled)) remember();
    keepAddress(false);
    refresh();
  }
  function commit(next) {
    if (onHold || sameRequest(next, request)) return;
    notes.hidden = true;
    request = next;
    remember();
    keepAddress(true);
    refresh();
  }
  function remember() { history.add(settled); settled = copyRequest(request); }
  function step(to) {
    if (!to || onHold) return;
    if (!sameArea(to, area)) { go(searchOf(to), { push: true }); return; }
    notes.hidden = true;
    open(to, { push: true });
  }
  function choose(kind, name) {
    const next = { ...request, [kind]: name };
    if (!sameArea(next, area)) { go(searchOf(next), { push: true, remember: true }); return; }
    commit({ ...next, levers: stillNeeded(next) });
  }
  // What the user set stays, unless the new choice puts the setting there by itself.
  const stillNeeded = (next) => Object.fromEntries(
    Object.entries(next.levers).filter(([name, value]) => value !== startValue(next, name, area)));

  // A request from elsewhere: an address, or what was before.
  function open(next, how) {
    if (how.remember && !sameRequest(next, settled)) history.add(settled);
    request = copyRequest(next);
    settled = copyRequest(next);
    gesture = false;
    if (how.push) keepAddress(true);
    else {
      charts = chartsOf(location.search);
      cards.forEach((card, place) => { if (card.key !== charts[place]) card.show(charts[place]); });
    }
    if (how.notes) note(how.notes);
    refresh();
  }

  function refresh() {
    workshop.end();
    panel.set(request); pickers.set(request);
    const isDefault = sameRequest(request, defaultHere()), before = history.last();
    bar.enable({ ...history.can(), replay: Boolean(before && sameArea(before, area)), reset: !isDefault });
    heading(null);
    const settings = Object.entries(request.levers).map(([name, value]) => panel.control(name).describe(value));
    write(moved, settings.length ? `Levers moved: ${settings.join("; ")}. ${location.href}` : " ");
    runner.ask();
  }
  function heading(words) {
    write(title, words || requestTitle(request, area));
    title.title = title.textContent;
  }
  function keepAddress(push) {
    const pairs = addressPairs(request);
    const own = first.join() === charts.join() ? [] : [["charts", charts.join(",")]];
    const others = [...new URLSearchParams(location.search)]
      .filter(([name]) => !REQUEST_KEYS.includes(name) && name !== "charts");
    const version = pairs.length || !own.length ? [] : [["v", "1"]];
    const search = writeSearch([...version, ...pairs, ...own, ...others]), other = search !== location.search;
    if (other || push) replaceAddress(location.pathname + search, push && (other || gesture), null);
  }

  // --- words
  function say(words) { write(live, words); }
  function note(words) {
    notes.replaceChildren(...words.map((each) => make("p", {}, each)));
    notes.hidden = !words.length;
  }
  function offer(name, text) { offerText(copies, name, text, say); }
  function revealNow() { reveal.hidden = true; workshop.reveal(); }

  // Another area is on its way: nothing can be changed here that would be lost.
  function hold(now, why) {
    onHold = now;
    const others = root.querySelectorAll(".explore-picker:not(:has(#explore-footprint))");
    for (const each of [...side, ...bar.elements, ...others]) each.inert = now;
    if (!now) pickers.set(request);
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
    if (!onHold) step(redo ? history.forward(settled) : history.back(settled));
  }

  window.addEventListener("keydown", onKey);
  note(firstNotes);
  refresh();
  offerTour(root, tour);
  return {
    area, open, hold, keepAddress,
    request: () => request,
    settled: () => settled,
    stop() {
      for (const card of cards) card.stop();
      for (const element of bar.elements) element.remove();
      runner.stop();
      workshop.stop();
      window.removeEventListener("keydown", onKey);
    },
  };
}
