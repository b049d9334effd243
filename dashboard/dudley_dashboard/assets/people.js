/* People: the year moves the profile by age, without asking the server. */
(function () {
  "use strict";
  const TWEEN = 350; // milliseconds from one year to the next, where motion is welcome
  const STEP = 800; // milliseconds a year is shown while it plays
  let shown = null; // thousands of people that are drawn now: [run, outline]
  let drawn = null; // the frames of the page that shows them
  let waiting = 0; // the timer that waits for the chart
  let moving = 0; // the animation frame that is asked for
  let playing = 0; // the timer that plays

  const still = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const plot = () => document.querySelector("#people-profile .js-plotly-plot");
  const setProps = (id, props) => window.dash_clientside.set_props(id, props);

  function draw(values) {
    const graph = plot();
    if (!graph || !graph.data || !window.Plotly) return false;
    shown = values;
    window.Plotly.restyle(graph, { x: values }, [0, 1]);
    return true;
  }

  function move(target, frames) {
    cancelAnimationFrame(moving);
    clearTimeout(waiting);
    if (drawn !== frames) { // a page that has just come shows its year already
      drawn = frames;
      shown = target;
      return;
    }
    if (!plot() || !plot().data) { // the chart is still being loaded
      waiting = setTimeout(() => move(target, frames), 100);
      return;
    }
    const from = shown;
    if (still()) {
      draw(target);
      return;
    }
    const start = performance.now();
    const frame = (now) => {
      const share = Math.min(1, (now - start) / TWEEN);
      const between = target.map((row, r) => row.map((v, i) => from[r][i] + share * (v - from[r][i])));
      if (draw(share < 1 ? between : target) && share < 1) moving = requestAnimationFrame(frame);
    };
    moving = requestAnimationFrame(frame);
  }

  function stop() {
    clearInterval(playing);
    playing = 0;
    setProps("people-play", { children: "Play" });
  }

  function say(text) {
    const live = document.getElementById("people-said");
    if (live) live.textContent = text;
  }

  function step(by, year, frames) {
    if (playing) stop();
    const first = frames.years[0];
    const last = frames.years[frames.years.length - 1];
    setProps("people-year", { value: Math.max(first, Math.min(last, year + by)) });
    return window.dash_clientside.no_update;
  }

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    people: {
      show: function (year, frames) {
        const place = frames.years.indexOf(year);
        if (place < 0) return window.dash_clientside.no_update;
        move([frames.run[place], frames.outline[place]], frames);
        const sentence = frames.sentences[place];
        if (!playing) {
          say(sentence);
          window.dudley.setSearch({ year: year === frames.years[frames.years.length - 1] ? null : year });
        }
        return sentence;
      },
      // Another area or comparison is another address; the router draws the page for it.
      choose: function (footprint, against) {
        const before = new URLSearchParams(location.search);
        const asked = { footprint: footprint === "dudley" ? null : footprint, against: against || null };
        const pairs = [...before].filter(([key]) => !(key in asked));
        for (const [key, value] of Object.entries(asked)) if (value) pairs.push([key, value]);
        const same = Object.entries(asked).every(([key, value]) => (before.get(key) || null) === value);
        if (!same) {
          if (!before.has("v")) pairs.unshift(["v", "1"]);
          history.pushState(null, "", location.pathname + window.dudley.writeSearch(pairs));
          window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
        }
        return window.dash_clientside.no_update;
      },
      back: (clicks, year, frames) => step(-1, year, frames),
      on: (clicks, year, frames) => step(1, year, frames),
      play: function (clicks, year, frames) {
        const last = frames.years[frames.years.length - 1];
        if (playing) {
          stop();
          return window.dash_clientside.no_update;
        }
        let now = year >= last ? frames.years[0] : year;
        if (now !== year) setProps("people-year", { value: now });
        setProps("people-play", { children: "Pause" });
        playing = setInterval(() => {
          const here = document.getElementById("people-profile");
          if (here && !plot()) return; // the chart is still being loaded
          if (now >= last || !here) {
            stop();
            say(frames.sentences[frames.years.length - 1]);
            return;
          }
          now += 1;
          setProps("people-year", { value: now });
        }, STEP);
        return window.dash_clientside.no_update;
      },
    },
  });
})();
