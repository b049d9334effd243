// Five numbers a board asks for first, in 2033, each with what it would be otherwise and which way is better.
(function () {
  "use strict";
  const E = (window.dudleyExplore = window.dudleyExplore || {});

  E.makeTiles = function (area) {
    const last = area.years[area.years.length - 1], tiles = [];
    const tile = (title, chart, about) => {
      const value = E.make("p", { class: "explore-value" }, " "), change = E.make("p", { class: "explore-change" }, " ");
      tiles.push({ value, change, about, element: E.make("div", { class: "explore-tile", "data-tile": chart }, E.make("h3", {}, title), value, change) });
    };
    tile(`GPs missing, ${last}`, "gp_gap", ({ plan, base }) => {
      const [ours, theirs] = both(plan, base, "gp_gap");
      return [gap(ours), against(ours, theirs, "low", 0, ""), gap(theirs)];
    });
    tile(`Shift that lands, ${last}`, "unlanded", ({ plan }) => {
      const needed = E.atEnd(plan.run, area, "community_contacts_needed");
      if (!(needed > 0)) return ["none planned", ["", "No care is meant to move"], ""];
      const lost = E.atEnd(plan.run, area, "unlanded_share");
      return [E.number(100 * (1 - lost), 0) + "%", [lost > 0.1 ? "bad" : "good", lost < 0.005 ? "All of it finds staff" : `${E.number(100 * lost, 0)}% goes back to hospital`], ""];
    });
    tile(`Beds needed per 100, ${last}`, "occupancy", ({ plan, base }) => {
      const [ours, theirs] = both(plan, base, "occupancy").map((value) => 100 * value);
      return [E.number(ours, 0), against(ours, theirs, "low", 0, ""), E.number(theirs, 0)];
    });
    tile("Pays for itself", "gain", ({ plan, nothing }) => {
      if (nothing) return ["nothing to pay", ["", "No plan, no contract"], ""];
      const gain = E.gain(plan.run, plan.without, area), year = E.breakEven(gain, area.years), end = gain[gain.length - 1] / 1e6;
      if (!Number.isFinite(end)) return ["not known", ["", "Cannot be told of this area"], ""];
      const words = `${E.signed(end, 0).replace(/^([+−]?)/, "$1£")}m by ${last}`;
      return [Number.isNaN(year) ? `not by ${last}` : year === area.years[0] ? "from the start" : `from ${year}`, [Number.isNaN(year) ? "bad" : "good", words], ""];
    });
    tile(`Commissioner in ${last}`, "commissioner", ({ plan, base }) => {
      const [ours, theirs] = both(plan, base, "margin", "Commissioner").map((value) => value / 1e6);
      return [money(ours), against(ours, theirs, "high", 0, "£m"), money(theirs)];
    });

    const both = (plan, base, output, element) => [plan, base].map((each) => E.atEnd(each.run, area, output, element));
    const gap = (value) => (Math.abs(value) < 0.5 ? "none" : E.number(Math.abs(value), 0) + (value < 0 ? " over" : ""));
    const money = (value) => `${value < 0 ? "−" : ""}£${E.number(Math.abs(value), 0)}m`;

    // ["good", "▼ 32 fewer than baseline 43"]
    function against(ours, theirs, better, decimals, unit) {
      const change = ours - theirs, size = E.number(Math.abs(change), decimals);
      if (!Number.isFinite(change)) return ["", ""];
      if (!/[1-9]/.test(size)) return ["", "As the baseline"];
      const up = change > 0, words = unit ? `£${size}m ${up ? "better" : "worse"}` : `${size} ${up ? "more" : "fewer"}`;
      return [up === (better === "high") ? "good" : "bad", `${up ? "▲" : "▼"} ${words} than baseline`];
    }

    function draw(state) {
      for (const each of tiles) {
        const [value, [mood, words]] = state.hidden ? ["?", ["", "What do you expect?"]] : each.about(state);
        E.write(each.value, value);
        E.write(each.change, words || " ");
        const name = "explore-change " + mood;
        if (each.change.className !== name) each.change.className = name;
      }
    }

    // What a screen reader is told after a change.
    function summary(state) {
      if (state.hidden) return "The answer is hidden until you reveal it.";
      return tiles.map(({ element, about }) => {
        const [value, [, words]] = about(state);
        return `${element.querySelector("h3").textContent}: ${value}${words ? ", " + words.replace(/[▲▼] /, "") : ""}`;
      }).join(". ") + ".";
    }
    return { elements: tiles.map((each) => each.element), draw, summary };
  };
})();
