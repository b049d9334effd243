// One lever: slider, number box, mark of where it starts, way back, and what there is to know of it.
(function () {
  "use strict";
  const E = (window.dudleyExplore = window.dudleyExplore || {});
  let made = 0;

  // slider: a row of dashboard/dudley_dashboard/levers.toml, or only an address.
  // on: {move(name, value), settle(), reset(name)}.
  E.makeLever = function (slider, area, on) {
    const name = slider.address, lever = E.leverOf(name), [least, most, pace, units] = area.limits[lever];
    const factor = slider.percent ? 100 : 1, plain = area.units[units] === "ratio" ? "" : area.units[units];
    const unit = slider.percent ? "%" : plain, after = unit === "%" ? "%" : unit ? " " + unit : "";
    const step = slider.step || pace || (most - least) / 100, id = "explore-lever-" + made++;
    const label = slider.label || E.addressWords(name, area), text = (value) => E.tidy(value * factor);
    const say = (value) => E.number(text(value), decimals(text(value))) + after;

    const range = E.make("input", { type: "range", id, step, class: "explore-range" });
    const box = E.make("input", {
      type: "number", class: "explore-box", "aria-label": `${label}: number${unit ? ", " + unit : ""}`,
      min: text(least), max: text(most), step: "any", inputmode: "decimal",
    });
    const back = E.make("button", {
      type: "button", class: "explore-back", "aria-label": `Reset ${label}`,
      title: "Back to where future, portfolio and contract put it", onclick: () => on.reset(name),
    }, "↺");
    const mark = E.make("span", { class: "explore-mark", "aria-hidden": "true" });
    const warning = E.make("p", { class: "explore-warning", hidden: true });
    const about = E.make("div", { class: "explore-about", id: id + "-about", hidden: true });
    const more = E.make("button", {
      type: "button", class: "explore-link", "aria-expanded": "false", "aria-controls": about.id,
      "aria-label": `About ${label}`, onclick: open,
    }, "About");
    const element = E.make("div", { class: "explore-lever", "data-lever": name },
      E.make("div", { class: "explore-lever-head" }, E.make("label", { for: id }, label), more),
      E.make("div", { class: "explore-lever-set" },
        E.make("div", { class: "explore-track" }, mark, range), box,
        E.make("span", { class: "explore-unit" }, unit), back),
      warning, about);
    const row = area.numbers[name] || area.numbers[lever], known = row && row.high > row.low ? row : null;
    const reasoned = known ? `${say(known.low)} to ${say(known.high)}` : "";
    let start = 0, home = 0, low = 0, high = 1;

    range.addEventListener("input", () => {
      const value = snap(range.valueAsNumber);
      show(value);
      on.move(name, value);
    });
    range.addEventListener("change", () => on.settle());
    box.addEventListener("input", () => { fresh = true; remark(); });
    box.addEventListener("change", typed);
    box.addEventListener("keydown", (event) => { if (event.key === "Enter") typed(); });

    // A value on the way from one to another, no finer than the slider's steps.
    const near = (value) => E.tidy(low + Math.round((value - low) / step) * step);

    // Where the browser puts the start, which may lie half way between two steps, the slider is at its start.
    function snap(value) { return Math.abs(value - home) < step / 4 ? start : E.tidy(value); }

    // Enter, and the change that a browser tells after it, are one: what was said of the number stays.
    let fresh = false;
    function typed() {
      if (!fresh) return;
      fresh = false;
      const value = E.tidy(box.valueAsNumber / factor);
      if (!Number.isFinite(value)) { show(current); return; }
      const kept = Math.min(most, Math.max(least, value));
      const other = kept !== current;
      show(kept);
      if (other) { on.move(name, kept); on.settle(); }
      if (kept !== value) warn(`The model takes ${say(least)} to ${say(most)}; the nearest is set.`);
    }

    let current = NaN;
    function show(value) {
      current = value;
      if (value < low || value > high) bounds(value);
      if (range.valueAsNumber !== value) range.value = value;
      const shown = String(text(value));
      const typing = document.activeElement === box && box.valueAsNumber === text(value);
      if (box.value !== shown && !typing) box.value = shown;
      range.setAttribute("aria-valuetext", say(value));
      element.classList.toggle("changed", value !== start);
      back.disabled = value === start;
      range.style.setProperty("--part", (100 * (value - low)) / (high - low) + "%");
      remark();
    }

    function remark() {
      const beyond = known && (current < known.low - 1e-12 || current > known.high + 1e-12);
      warn(beyond ? `Beyond the range for which there is a reason: ${reasoned}.` : "");
    }

    function warn(words) {
      if (warning.textContent !== words) warning.textContent = words;
      warning.hidden = !words;
    }

    function bounds(value) {
      low = Math.min(slider.low ?? least, value, start); high = Math.max(slider.high ?? most, value, start);
      range.min = low; range.max = high;
      range.value = start; home = range.valueAsNumber;
    }

    // value: in the plan; from: where scenario, portfolio and contract put it.
    function set(value, from) {
      start = from;
      bounds(value);
      mark.style.setProperty("--at", (start - low) / (high - low));
      mark.title = `Starts at ${say(start)}`;
      show(value);
    }

    function open() {
      const now = about.hidden;
      const choose = (value) => { show(value); on.move(name, value); on.settle(); };
      if (now) about.replaceChildren(...E.aboutLever(slider, area, { say, start, choose }));
      about.hidden = !now;
      more.setAttribute("aria-expanded", String(now));
    }
    // On paper: "Multidisciplinary teams: 20% (starts at 80%; range 0% to 90%)".
    const told = (value) =>
      `${label}: ${say(value)} (starts at ${say(start)}${reasoned ? "; range " + reasoned : ""})`;
    const refresh = () => { if (!about.hidden) { about.hidden = true; open(); } };
    return { element, set, name, label, say, told, show, near, refresh };
  };

  const decimals = (value) => Math.min(4, (String(value).split(".")[1] || "").length);
})();
