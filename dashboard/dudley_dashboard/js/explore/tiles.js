// Five numbers a board asks for first, in 2033: each against do nothing, and how far runs of it spread.

import { pageLink } from "../address.js";
import { make, write } from "../dom.js";
import { formatNumber, tidy, whole } from "../numbers.js";
import { makeBands } from "./bands.js";
import { breakEven, gainOf, lastValue, PROJECTED } from "./results.js";
import * as text from "./tile_text.js";

const UNKNOWN = { value: "?", unit: "", mood: "", words: "What do you expect?" };
const DO_NOTHING = { mood: "", words: "This is do nothing" };
const MISSING = "of funding";

// Per cent with one decimal, as it is shown.
const tenth = (share) => whole(1000 * share) / 10;
const shareText = (percent) => `${formatNumber(percent, 1)}%`;

// Of each tile: single(state) -> {value, unit, side, mood, words} of the single run; most(bands, state) the
// same of the median, with spread; before there are many runs the single run stands there.
export function describeTiles(area) {
  const last = area.years[area.years.length - 1];
  const when = (year) => (year === PROJECTED ? "from the start" : year ? `from ${year}` : `not by ${last}`);

  // Numbers as they are shown, so that differences between them add up on the page.
  const both = ({ found, without }, output, element, scale = 1) =>
    [found.run, without].map((run) => whole(scale * lastValue(run, area, output, element)));

  // The median of differences from do nothing; do nothing itself has none.
  const against = (difference, state, say, scale = 1) =>
    (difference ? say(whole(scale * difference[0]), state.against) : DO_NOTHING);

  function landed(share) {
    const lands = whole(100 * share), stays = 100 - lands;
    const words = stays ? `${stays}% stays in hospital: too few community staff` : "All of it finds staff";
    return { value: `${lands}%`, unit: "", mood: stays > 10 ? "bad" : "good", words };
  }

  return [{
    title: `GP gap, ${last}`, key: "gp_gap", indicator: "gp_gap",
    single(state) {
      const [ours, theirs] = both(state, "gp_gap");
      return { ...text.gapParts(ours), ...text.gapChange(ours - theirs, state.against) };
    },
    most: ({ run, difference }, state) => ({
      ...text.gapParts(whole(run[0])), ...against(difference, state, text.gapChange),
      spread: text.spreadText(run, text.gapText),
    }),
  }, {
    title: `Planned shift landed, ${last}`, key: "landed", indicator: "landed_share",
    single({ found }) {
      const planned = lastValue(found.run, area, "contacts_moved") > 0;
      return planned ? landed(lastValue(found.run, area, "landed_share")) : text.noShift(found.request, area);
    },
    most: ({ run }) => ({
      ...landed(run[0]), spread: text.spreadText(run, (share) => `${whole(100 * share)}%`),
    }),
  }, {
    title: `People per 100 beds, ${last}`, key: "occupancy", indicator: "pressure_on_beds",
    single(state) {
      const [ours, theirs] = both(state, "pressure_on_beds", null, 100);
      return { value: formatNumber(ours, 0), unit: "", ...text.peopleChange(ours - theirs, state.against) };
    },
    most: ({ run, difference }, state) => ({
      value: formatNumber(100 * run[0], 0), unit: "", ...against(difference, state, text.peopleChange, 100),
      spread: text.spreadText(run, (share) => formatNumber(100 * share, 0)),
    }),
  }, {
    title: "Breaks even", key: "gain", indicator: "system_balance",
    single({ found, without, against: other }) {
      if (found.nothing) return { value: "nothing to pay", unit: "", ...DO_NOTHING };
      const gain = gainOf(found.run, without, area), end = whole(gain[gain.length - 1]);
      if (Number.isNaN(end)) return { value: "not known", unit: "", mood: "", words: "Not for this area" };
      return { value: when(breakEven(gain, area.years)), unit: "", ...text.gainChange(end, last, other) };
    },
    most: ({ difference, year }, state) => difference && {
      value: when(year), unit: "", ...text.gainChange(whole(difference[0]), last, state.against),
      spread: text.spreadText(difference, text.gainText),
    },
  }, {
    title: `Money missing, ${last}`, key: "shortfall", indicator: "system_shortfall",
    single({ found, without, against: other }) {
      const [ours, theirs] = [found.run, without].map((run) => tenth(lastValue(run, area, "system_shortfall")));
      return { value: shareText(ours), unit: MISSING, ...text.pointsChange(tidy(ours - theirs), other) };
    },
    most: ({ run, difference }, state) => ({
      value: shareText(tenth(run[0])), unit: MISSING,
      ...(difference ? text.pointsChange(tenth(difference[0]), state.against) : DO_NOTHING),
      spread: text.spreadText(run, (share) => shareText(tenth(share))),
    }),
  }];
}

// What a tile compares with: do nothing in the same future. Do nothing itself is compared with the reference
// case, where that is another run.
export function compared(found) {
  const itself = found.apart && found.nothing;
  const without = itself ? found.base.run : found.without;
  return { found, without, against: itself ? "the reference case" : "doing nothing" };
}

// renew() is called when bands have come; found: see makeRunner, null while the answer is hidden.
export function makeTiles(area, renew) {
  const tiles = describeTiles(area).map(withElement);
  const bands = makeBands(() => { if (drawn) renew(); }, () => tiles[0].element.isConnected);
  let drawn = false;

  // The median where many runs have been made; else the single run.
  function content(tile, state) {
    return (bands.now().kind === "done" && median(tile, bands.now(), state)) || tile.single(state);
  }
  function median(tile, answer, state) {
    const found = answer.tiles[tile.key], there = found.run && found.run.every(Number.isFinite);
    return there && tile.most({ ...found, year: answer.break_even }, state);
  }

  function draw(found) {
    const state = found && compared(found);
    drawn = true;
    bands.follow(found && found.search);
    for (const tile of tiles) {
      const now = state ? content(tile, state) : UNKNOWN;
      write(tile.value, now.value);
      write(tile.unit, now.unit || " ");
      write(tile.change, now.words || " ");
      dress(tile.unit, "explore-of", now.side);
      dress(tile.change, "explore-change", now.mood);
      drawRuns(tile, state, now.spread);
    }
  }

  // Which number stands there: the median, with the single run beside it; or the single run.
  function drawRuns(tile, state, spread) {
    const { kind, words } = bands.now(), before = bands.before();
    let runs = " ", old = " ";
    if (state && spread) runs = `Median. ${spread}. ${text.SINGLE}: ${text.joined(tile.single(state))}.`;
    else if (state && kind !== "done") {
      runs = text.stateText(kind);
      const was = before && median(tile, before, state);
      if (was) old = ` Before your change, median: ${text.joined(was)}.`;
    } else if (state) runs = `${text.SINGLE}.`;
    write(tile.runs, runs);
    write(tile.old, old);
    tile.runs.title = (state && kind === "failed" && words) || "";
  }

  // Bands of the lines of charts, where there are any of this request.
  const lines = (found) => (bands.now().kind === "done" && !found.between ? bands.now().lines : null);

  // For a screen reader after a change; a request that is drawn for good is worth many runs.
  function summary(found, settled = true) {
    if (!found) return "The answer is hidden until you reveal it.";
    if (settled) bands.settle(found.search);
    return tiles.map((tile) => {
      const { value, unit, words, spread } = content(tile, compared(found));
      return `${tile.title}: ${spread ? "median " : ""}${value}${unit ? " " + unit : ""}${words ? ", " + words : ""}`;
    }).join(". ") + ".";
  }
  return { elements: tiles.map((tile) => tile.element), draw, summary, lines };
}

function withElement(tile) {
  const value = make("p", { class: "explore-value" }, " "), unit = make("span", { class: "explore-of" }, " ");
  const change = make("p", { class: "explore-change" }, " "), runs = make("span", {}, " ");
  const old = make("span", { class: "explore-old" }, " ");
  const link = pageLink("uncertainty", { indicator: tile.indicator }, "How sure?", ` ${tile.title}`);
  const element = make("div", { class: "explore-tile", "data-tile": tile.key }, make("h3", {}, tile.title),
    make("div", { class: "explore-number" }, value, unit), change,
    make("p", { class: "explore-runs" }, runs, old, " ", link));
  return { ...tile, value, unit, change, runs, old, element };
}

function dress(element, name, mood) {
  const names = `${name} ${mood || ""}`;
  if (element.className !== names) element.className = names;
}
