// The tour: five hints for the first visit.

import { make, store, stored } from "../dom.js";

const STEPS = [
  [".explore-pickers", "Start with a future",
    "Four futures of the outside world, a left-shift portfolio and a contract. Open a story to read " +
    "what each assumes. All that is chosen together is your plan."],
  [".explore-tiles", "What a board asks first",
    "Five numbers of 2033, each against doing nothing in the same future. Once a plan stands still, each " +
    "tile shows the median of 200 runs and 8 in 10 of them: one run is never the answer."],
  [".explore-charts", "Four charts, your plan against doing nothing",
    "Your plan is the solid line. The dashed one is do nothing: the same future, no portfolio, contract " +
    "as now. In another future a dotted line shows the reference case: Official Future, do nothing. " +
    "Choose another question in a chart's title."],
  [".explore-groups", "Move a slider",
    "The charts follow at once. The small mark shows where the slider starts; About says where its " +
    "number is from and who might disagree."],
  [".explore-toolbar", "Share and replay",
    "Undo, replay the last change, or hide the answer and let the room predict first. The link in the " +
    "address bar holds everything."],
];
const SEEN = "dudley-tour";
const keep = () => store(SEEN, "seen");

export function makeTour() {
  const box = make("dialog", { class: "explore-tour", "aria-labelledby": "explore-tour-title" });
  let step = 0, marked = null;
  const unmark = () => { if (marked) marked.classList.remove("explore-marked"); };
  box.addEventListener("close", () => { unmark(); keep(); });
  function show() {
    const [place, title, words] = STEPS[step], last = step === STEPS.length - 1;
    const next = () => { if (last) box.close(); else { step += 1; show(); } };
    unmark();
    marked = document.querySelector(place);
    if (marked) { marked.classList.add("explore-marked"); marked.scrollIntoView({ block: "center" }); }
    box.replaceChildren(make("p", { class: "explore-aside" }, `${step + 1} of ${STEPS.length}`),
      make("h2", { id: "explore-tour-title" }, title), make("p", {}, words),
      make("div", {}, button("strong", next, last ? "Start" : "Next"),
        button("plain", () => box.close(), "Close")));
    box.querySelector("button").focus();
  }
  return { element: box, start: () => { step = 0; if (!box.open) box.showModal(); show(); } };
}
const button = (name, onclick, words) => make("button", { type: "button", class: name, onclick }, words);

// Offered until it was taken or declined; where storage is refused, that could not be kept: not at all.
export function offerTour(root, tour) {
  const answer = stored(SEEN);
  if (!answer || answer.value) return;
  const hint = make("p", { class: "explore-hint no-print" }, "New here? ",
    button("explore-link", () => { hint.remove(); tour.start(); }, "Take the tour: five hints"),
    button("explore-link", () => { keep(); hint.remove(); }, "No, thank you"));
  root.prepend(hint);
}
