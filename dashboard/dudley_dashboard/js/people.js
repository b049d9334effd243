// The page People: the year moves the profile by age, without asking the server.

import { setSearch, visitWith } from "./address.js";
import { prefersStillness } from "./dom.js";

const TWEEN = 350; // milliseconds from one year to the next, where motion is welcome
const STEP = 800; // milliseconds a year is shown while it plays
let drawn = null; // thousands of people that are drawn now: [run, outline]
let drawnFrames = null; // the frames of the page that shows them
let waiting = 0; // the timer that waits for the chart
let moving = 0; // the animation frame that is asked for
let playing = 0; // the timer that plays

const plot = () => document.querySelector("#people-profile .js-plotly-plot");
const setProps = (id, props) => window.dash_clientside.set_props(id, props);
const last = (values) => values[values.length - 1];

function draw(values) {
  const graph = plot();
  if (!graph || !graph.data || !window.Plotly) return false;
  drawn = values;
  window.Plotly.restyle(graph, { x: values }, [0, 1]);
  return true;
}

function move(target, frames) {
  cancelAnimationFrame(moving);
  clearTimeout(waiting);
  if (drawnFrames !== frames) { // a page that has just come shows its year already
    drawnFrames = frames;
    drawn = target;
  } else if (!plot() || !plot().data) { // the chart is still being loaded
    waiting = setTimeout(() => move(target, frames), 100);
  } else if (prefersStillness()) draw(target);
  else tween(drawn, target);
}

function tween(from, target) {
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

function step(by, year, { years }) {
  if (playing) stop();
  setProps("people-year", { value: Math.max(years[0], Math.min(last(years), year + by)) });
}

function play(clicks, year, { years, sentences }) {
  if (playing) { stop(); return; }
  let now = year >= last(years) ? years[0] : year;
  if (now !== year) setProps("people-year", { value: now });
  setProps("people-play", { children: "Pause" });
  playing = setInterval(() => {
    const here = document.getElementById("people-profile");
    if (here && !plot()) return; // the chart is still being loaded
    if (now >= last(years) || !here) {
      stop();
      say(last(sentences));
      return;
    }
    now += 1;
    setProps("people-year", { value: now });
  }, STEP);
}

export const people = {
  show(year, frames) {
    const place = frames.years.indexOf(year);
    if (place < 0) return undefined;
    move([frames.run[place], frames.outline[place]], frames);
    if (!playing) {
      say(frames.sentences[place]);
      setSearch({ year: year === last(frames.years) ? null : year });
    }
    return frames.sentences[place];
  },
  // Another area or comparison is another address; the router draws the page for it.
  choose(footprint, against) {
    visitWith({ footprint, against: against || "" }, { footprint: "dudley", against: "" }, false);
  },
  back: (clicks, year, frames) => step(-1, year, frames),
  on: (clicks, year, frames) => step(1, year, frames),
  play,
};
