// Five numbers a board asks for first, in 2033: each against do nothing, and how far runs of it spread.
(function () {
  "use strict";
  const E = (window.dudleyExplore = window.dudleyExplore || {});
  const UNKNOWN = { value: "?", unit: "", mood: "", words: "What do you expect?" };

  E.makeTiles = function (area, renewed) {
    const last = area.years[area.years.length - 1], says = E.tileWords, { whole } = says, tiles = [];
    const bands = E.makeBands(() => { if (shown) renewed(); }, () => tiles[0].element.isConnected);
    let shown = null;

    // about(state) -> {value, unit, side, mood, words} of the single run; most(found, state) the same of the
    // median, with spread; before there are many runs the single run stands there.
    function tile(title, key, measure, about, most) {
      const value = E.make("p", { class: "explore-value" }, " ");
      const unit = E.make("span", { class: "explore-of" }, " ");
      const change = E.make("p", { class: "explore-change" }, " "), spread = E.make("span", {}, " ");
      const old = E.make("span", { class: "explore-old" }, " ");
      const link = E.pageLink("uncertainty", { measure }, "How sure?", ` ${title}`);
      const element = E.make("div", { class: "explore-tile", "data-tile": key }, E.make("h3", {}, title),
        E.make("div", { class: "explore-number" }, value, unit), change,
        E.make("p", { class: "explore-runs" }, spread, old, " ", link));
      tiles.push({ key, title, value, unit, change, spread, old, about, most, element });
    }

    tile(`GP gap, ${last}`, "gp_gap", "gp_gap", (state) => {
      const [ours, theirs] = both(state, "gp_gap");
      return { ...says.gapParts(ours), ...says.gapChange(ours - theirs, state.against) };
    }, ({ run, difference }, state) => ({
      ...says.gapParts(whole(run[0])), ...against(difference, state, says.gapChange),
      spread: says.spread(run, says.briefGap),
    }));

    tile(`Planned shift landed, ${last}`, "landed", "landed_share", ({ plan }) => {
      if (!planned(plan)) return says.noShift(area);
      return landed(E.atEnd(plan.run, area, "landed_share"));
    }, ({ run }) => ({ ...landed(run[0]), spread: says.spread(run, (share) => `${whole(100 * share)}%`) }));

    tile(`Beds needed per 100, ${last}`, "occupancy", "occupancy", (state) => {
      const [ours, theirs] = both(state, "occupancy", null, 100);
      return { value: E.number(ours, 0), unit: "", ...says.beds(ours - theirs, state.against) };
    }, ({ run, difference }, state) => ({
      value: E.number(100 * run[0], 0), unit: "", ...against(difference, state, says.beds, 100),
      spread: says.spread(run, (share) => E.number(100 * share, 0)),
    }));

    tile("Pays for itself", "gain", "system_balance", (state) => {
      const { plan, nothing, without } = state;
      if (nothing) return { value: "nothing to pay", unit: "", mood: "", words: "This is do nothing" };
      const gain = E.gain(plan.run, without, area), end = whole(gain[gain.length - 1] / 1e6);
      if (Number.isNaN(end)) return { value: "not known", unit: "", mood: "", words: "Not for this area" };
      return { value: when(E.breakEven(gain, area.years)), unit: "", ...says.gain(end, last, state.against) };
    }, ({ difference, year }, state) => difference && {
      value: when(year), unit: "", ...says.gain(whole(difference[0] / 1e6), last, state.against),
      spread: says.spread(difference, says.gainBetter),
    });

    tile(`Commissioner in ${last}`, "commissioner", "commissioner_margin", (state) => {
      const [ours, theirs] = both(state, "margin", "Commissioner", 1e-6);
      return { ...says.moneyParts(ours), ...says.moneyChange(ours - theirs, state.against) };
    }, ({ run, difference }, state) => ({
      ...says.moneyParts(whole(run[0] / 1e6)), ...against(difference, state, says.moneyChange, 1e-6),
      spread: says.spread(run, says.money),
    }));

    const planned = (plan) => E.atEnd(plan.run, area, "community_contacts_needed") > 0;
    const when = (year) =>
      (year === area.years[0] ? "from the start" : year ? `from ${year}` : `not by ${last}`);
    function landed(share) {
      const lands = whole(100 * share), stays = 100 - lands;
      const words = stays ? `${stays}% stays in hospital: too few community staff` : "All of it finds staff";
      return { value: `${lands}%`, unit: "", mood: stays > 10 ? "bad" : "good", words };
    }
    // The median of differences from do nothing; do nothing itself has none.
    function against(difference, state, say, scale = 1) {
      if (!difference) return { mood: "", words: "This is do nothing" };
      return say(whole(scale * difference[0]), state.against);
    }

    // Numbers as they are shown, so that differences between them add up on the page.
    function both({ plan, without }, output, element, scale = 1) {
      return [plan.run, without].map((run) => whole(scale * E.atEnd(run, area, output, element)));
    }

    // What each tile looks at: also do nothing in the same future, and its name. Do nothing itself is
    // compared with the reference case, where that is another run.
    function look(state) {
      const itself = state.plan.apart && state.nothing;
      const without = itself ? state.base.run : state.without.run;
      return { ...state, without, against: itself ? "the reference case" : "doing nothing" };
    }

    // The median where many runs have been made; else the single run.
    function now(each, state) {
      const told = bands.told();
      return (told.kind === "done" && most(each, told, state)) || each.about(state);
    }
    function most(each, told, state) {
      const found = told.tiles[each.key], there = found.run && found.run.every(Number.isFinite);
      return there && each.most({ ...found, year: told.break_even }, state);
    }

    function draw(state) {
      shown = state.hidden ? { hidden: true } : look(state);
      bands.follow(state.hidden || state.plan.search === undefined ? null : state.plan.search);
      for (const each of tiles) {
        each.now = state.hidden ? UNKNOWN : now(each, shown);
        E.write(each.value, each.now.value);
        E.write(each.unit, each.now.unit || " ");
        E.write(each.change, each.now.words || " ");
        dress(each.unit, "explore-of", each.now.side);
        dress(each.change, "explore-change", each.now.mood);
        tellRuns(each);
      }
    }

    const dress = (element, name, mood) => {
      const wanted = `${name} ${mood || ""}`;
      if (element.className !== wanted) element.className = wanted;
    };

    // Which number stands there: the median, with the single run beside it; or the single run.
    function tellRuns(each) {
      const told = bands.told(), before = bands.before(), { spread } = each.now;
      let text = " ", old = " ";
      if (!shown.hidden && spread) {
        const { value, unit } = each.about(shown);
        text = `Median. ${spread}. Single run at central values: ${`${value} ${unit}`.trim()}.`;
      } else if (!shown.hidden && told.kind !== "done") {
        text = says.state(told.kind);
        const was = before && most(each, before, shown);
        if (was) old = ` Before your change, median: ${`${was.value} ${was.unit}`.trim()}.`;
      } else if (!shown.hidden) text = `${says.SINGLE}.`;
      E.write(each.spread, text);
      E.write(each.old, old);
      each.spread.title = (!shown.hidden && told.kind === "failed" && told.words) || "";
    }

    // Bands of the lines of charts, where there are any of this plan.
    function lines(found) {
      const told = bands.told();
      return told.kind === "done" && found.search !== undefined && !found.between ? told.lines : null;
    }

    // What a screen reader is told after a change; what is said for good is worth many runs.
    function summary(state, settled = true) {
      if (state.hidden) return "The answer is hidden until you reveal it.";
      const looked = look(state);
      if (settled) bands.settle(state.plan.search);
      return tiles.map((each) => {
        const { value, unit, words, spread } = now(each, looked);
        const median = spread ? "median " : "";
        return `${each.title}: ${median}${value}${unit ? " " + unit : ""}${words ? ", " + words : ""}`;
      }).join(". ") + ".";
    }
    return { elements: tiles.map((each) => each.element), draw, summary, lines };
  };
})();
