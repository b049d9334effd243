// Layout of the page Explore, and the sentences above its charts.

import { pageLink } from "../address.js";
import { make } from "../dom.js";
import { formatNumber } from "../numbers.js";
import { RUN_TITLES } from "./chart.js";

const ON_SERVER = "Worked out on the server: this browser does not run the model itself.";
const SIZES = "Numbers of staff, beds and posts, and sums of money, differ between the areas of a total: " +
  "they can be changed in one area at a time.";

// parts: {bar, pickers, panel, tiles, cards, tour, reveal()}; returns the elements that are written to.
export function layOut(root, area, parts) {
  const heading = (words) => make("h2", { class: "hidden-words" }, words);
  const written = {
    copies: make("div", { class: "explore-copies no-print", hidden: true }),
    title: make("p", { class: "explore-asked" }, " "),
    moved: make("p", { class: "explore-moved" }, " "),
    key: make("p", { class: "explore-key" }),
    refusal: make("p", { class: "explore-warning", role: "alert", hidden: true }, " "),
    notes: make("div", { class: "explore-warning explore-noted", role: "status", hidden: true }),
    money: make("p", { class: "explore-caveats explore-money" }, " "),
    live: make("p", { class: "hidden-words", role: "status", "aria-live": "polite" }, " "),
    reveal: make("div", { class: "explore-reveal", hidden: true },
      make("p", {}, make("strong", {}, "What do you expect? "), "Say it aloud, or draw it. Then:"),
      make("button", { type: "button", class: "strong", id: "explore-reveal", onclick: parts.reveal },
        "Reveal")),
  };
  const side = make("section", { class: "explore-side", "aria-label": "Your plan" }, heading("Your plan"),
    parts.pickers.element, make("div", { class: "explore-groups" }, ...parts.panel.elements),
    area.parts ? make("p", { class: "explore-aside explore-sizes" }, SIZES) : null, parts.panel.search);
  const main = make("section", { class: "explore-main", "aria-label": "What happens" },
    heading("What happens"),
    area.engine.here ? null : make("p", { class: "explore-aside", id: "explore-on-server" }, ON_SERVER),
    make("div", { class: "explore-says" }, written.title, written.key),
    written.moved, written.notes, written.refusal,
    make("div", { class: "explore-tiles" }, ...parts.tiles.elements), written.money, makeCaveats(area),
    written.reveal,
    make("div", { class: "explore-charts" }, ...parts.cards.map((card) => card.element)));
  document.getElementById("explore-head").append(...parts.bar.elements);
  const page = make("div", { class: "explore-page" }, side, main);
  root.replaceChildren(written.copies, page, written.live, parts.tour.element);
  root.dataset.engine = area.engine.here ? "browser" : "server";
  return { ...written, side: [...side.children].filter((each) => each !== parts.pickers.element) };
}

// How many numbers are assumptions, what is borrowed, people counted since, years beyond; see caveats.py.
function makeCaveats(area) {
  const { assumptions, numbers, borrowed, estimates } = area.caveats, count = (value) => formatNumber(value, 0);
  const known = `${count(assumptions)} of ${count(numbers)} numbers of this model are assumptions`;
  const parts = [pageLink("model", { status: "assumption" }, known), ". "];
  if (borrowed) parts.push(pageLink("footprints", {}, borrowed), ". ");
  if (estimates) parts.push(pageLink("people", {}, estimates), ". ");
  if (area.extrapolated) parts.push("* Beyond the projection: last rates carried on.");
  return make("p", { class: "explore-caveats" }, ...parts);
}

// "Dudley, Official Future: left-shift portfolio as evidenced, contract as now, 1 lever moved".
export function requestTitle(request, area) {
  const title = (kind) => area.choices[kind].find((each) => each.key === request[kind]).title;
  const lower = (text) => text.replace(/^[A-Z](?=[a-z ])/, (letter) => letter.toLowerCase());
  const moved = Object.keys(request.levers).length;
  const words = [
    request.portfolio === "none" ? "no portfolio" : `left-shift portfolio ${lower(title("portfolio"))}`,
    request.contract === "as_now" ? "contract as now" : `contract ${title("contract")}`,
  ];
  if (request.projection !== "2014") words.push(`people ${lower(title("projection"))}`);
  if (moved) words.push(`${moved} lever${moved > 1 ? "s" : ""} moved`);
  return `${title("footprint")}, ${title("scenario")}: ${words.join(", ")}`;
}

// Which line is which: found says whether do nothing is another run than the reference case.
export function writeKey(key, found) {
  const words = RUN_TITLES, plan = found.before ? words.before : words.plan;
  const now = [plan, found.apart, Boolean(found.lines)].join();
  if (key.dataset.now === now) return;
  key.dataset.now = now;
  const line = (run, text) =>
    make("span", { class: "explore-key-line" }, make("span", { class: `explore-swatch ${run}` }), text);
  const own = found.lines
    ? [line("most", `${plan}: median, and 8 in 10 runs`), line("single", "single run at central values")]
    : [line("plan", found.before ? plan : `${plan}: single run at central values`)];
  key.replaceChildren(...own,
    line("nothing", found.apart ? `${words.nothing}, same future` : `${words.nothing} (reference case)`),
    ...(found.apart ? [line("base", `${words.base}: Official Future, do nothing`)] : []));
}
