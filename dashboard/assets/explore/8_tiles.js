// Five numbers a board asks for first, in 2033: each against do nothing, and how far runs of it spread.
(function () {
  "use strict";
  const E = (window.dudleyExplore = window.dudleyExplore || {});
  const UNKNOWN = { value: "?", unit: "", mood: "", words: "What do you expect?" };
  const PAID = "as the runs have it";
  const SURE = 0.9; // share of the runs that must agree before a tile calls paying for itself good or bad

  E.makeTiles = function (area) {
    const last = area.years[area.years.length - 1], says = E.tileWords, { whole } = says, tiles = [];
    const bands = E.makeBands(() => { if (shown) tellRuns(); }, () => tiles[0].element.isConnected);
    let shown = null;

    // about(state) -> {value, unit, mood, words}; runs(told) -> words, once the server has run many.
    function tile(title, key, measure, about, runs) {
      const value = E.make("p", { class: "explore-value" }, " ");
      const unit = E.make("span", { class: "explore-of" }, " ");
      const change = E.make("p", { class: "explore-change" }, " "), spread = E.make("span", {}, " ");
      const link = E.pageLink("uncertainty", { measure }, "How sure?", ` ${title}`);
      const element = E.make("div", { class: "explore-tile", "data-tile": key }, E.make("h3", {}, title),
        E.make("div", { class: "explore-number" }, value, unit), change,
        E.make("p", { class: "explore-runs" }, spread, " ", link));
      tiles.push({ key, title, value, unit, change, spread, about, runs, element });
    }

    tile(`GP gap, ${last}`, "gp_gap", "gp_gap", (state) => {
      const [ours, theirs] = both(state, "gp_gap"), [value, unit] = says.gapParts(ours);
      return { value, unit, ...says.gapChange(ours, theirs, state.against) };
    }, (told) => told.gp_gap && says.spread(told.gp_gap, says.gapShort) + says.place(told.gp_gap_below));

    tile(`Planned shift landed, ${last}`, "landed", "landed_share", ({ plan }) => {
      if (!(E.atEnd(plan.run, area, "community_contacts_needed") > 0)) return says.noShift(area);
      const landed = whole(100 * E.atEnd(plan.run, area, "landed_share")), stays = 100 - landed;
      const words = stays ? `${stays}% stays in hospital: too few community staff` : "All of it finds staff";
      return { value: `${landed}%`, unit: "", mood: stays > 10 ? "bad" : "good", words };
    }, ({ landed }) => landed && says.spread(landed, (share) => `${whole(100 * share)}%`));

    tile(`Beds needed per 100, ${last}`, "occupancy", "occupancy", (state) => {
      const [ours, theirs] = both(state, "occupancy", null, 100);
      const mood = ours < theirs ? "good" : ours > theirs ? "bad" : "";
      return { value: E.number(ours, 0), unit: "", mood, words: says.beds(ours, theirs, state.against) };
    }, ({ occupancy, occupancy_below }) => occupancy &&
      says.spread(occupancy, (share) => E.number(100 * share, 0)) + says.place(occupancy_below));

    tile("Pays for itself", "gain", "system_balance", ({ plan, nothing, without, against }) => {
      if (nothing) return { value: "nothing to pay", unit: "", mood: "", words: "Nothing is put in place" };
      const gain = E.gain(plan.run, without, area), year = E.breakEven(gain, area.years);
      const end = whole(gain[gain.length - 1] / 1e6);
      const value = year === area.years[0] ? "from the start" : year ? `from ${year}` : `not by ${last}`;
      if (Number.isNaN(end)) return { value: "not known", unit: "", mood: "", words: "Not for this area" };
      return { value, unit: "", mood: PAID, words: says.gain(end, last, against) };
    }, ({ paid }, now) => Number.isFinite(paid) && says.paid(paid, now.value.startsWith("not by"), last));

    tile(`Commissioner in ${last}`, "commissioner", "commissioner_margin", (state) => {
      const [ours, theirs] = both(state, "margin", "Commissioner", 1e-6);
      const change = says.moneyChange(ours, theirs, state.against);
      return { value: says.pounds(ours), unit: says.side(ours), ...change };
    }, ({ commissioner, commissioner_below }) => commissioner &&
      says.spread(commissioner, says.fromPounds) + says.place(commissioner_below));

    // Numbers as they are shown, so that differences between them add up on the page.
    function both({ plan, without }, output, element, scale = 1) {
      return [plan.run, without].map((run) => whole(scale * E.atEnd(run, area, output, element)));
    }

    // One run that breaks even by a hair is no good news: it counts where nearly all runs agree.
    function paidMood() {
      const { paid } = bands.told();
      return paid >= SURE ? "good" : paid <= 1 - SURE ? "bad" : "";
    }

    // What each tile looks at: also do nothing in the same future, and its name. Do nothing itself is
    // compared with the reference case, where that is another run.
    function look(state) {
      const itself = state.plan.apart && state.nothing;
      const without = itself ? state.base.run : state.without.run;
      return { ...state, without, against: itself ? "the reference case" : "doing nothing" };
    }

    function draw(state) {
      shown = state.hidden ? { hidden: true } : look(state);
      bands.follow(state.hidden || state.plan.search === undefined ? null : state.plan.search);
      for (const each of tiles) {
        each.now = state.hidden ? UNKNOWN : each.about(shown);
        E.write(each.value, each.now.value);
        E.write(each.unit, each.now.unit || " ");
        E.write(each.change, each.now.words || " ");
      }
      tellRuns();
    }

    function tellRuns() {
      for (const each of tiles) {
        E.write(each.spread, shown.hidden ? " " : says.runs(bands.told(), each));
        each.spread.title = (!shown.hidden && bands.told().kind === "failed" && bands.told().words) || "";
        const mood = each.now.mood === PAID ? paidMood() : each.now.mood, name = "explore-change " + mood;
        if (each.change.className !== name) each.change.className = name;
      }
    }

    // What a screen reader is told after a change; what is said for good is worth many runs.
    function summary(state) {
      if (state.hidden) return "The answer is hidden until you reveal it.";
      const looked = look(state);
      bands.settle(state.plan.search);
      return tiles.map(({ title, about }) => {
        const { value, unit, words } = about(looked);
        return `${title}: ${value}${unit ? " " + unit : ""}${words ? ", " + words : ""}`;
      }).join(". ") + ".";
    }
    return { elements: tiles.map((each) => each.element), draw, summary };
  };
})();
