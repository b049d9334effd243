// A small area for tests: two areas' outputs, three settings, one of them with two elements.

import { indexSettings } from "../../dashboard/dudley_dashboard/js/request.js";

const SUM = "sum";
const share = (more) => ({ part: "landed", whole: "needed", otherwise: 1, rest: false, least: null, ...more });

// More than makes: other keys of what the server describes.
export const makeArea = (more = {}) => indexSettings({
  footprint: "dudley", projection: "2014", years: [2018, 2019, 2033], series: 9,
  levers: ["coverage[MDT]", "coverage[CareHome]", "GDP growth", "beds in 2018"],
  defaults: [0, 0, 0.02, 700],
  limits: {
    coverage: [0, 0.9, 0.01, 0], "GDP growth": [-0.05, 0.05, 0.001, 0], "beds in 2018": [0, 2000, 1, 1],
  },
  sizes: ["beds in 2018"], decisions: ["coverage"],
  sliders: [{ address: "coverage[MDT]" }, { address: "beds in 2018" }],
  choices: {
    scenario: [{ key: "official_future" }, { key: "state_supreme" }],
    portfolio: [{ key: "as_evidenced" }, { key: "none" }], contract: [{ key: "as_now" }],
  },
  layers: {
    scenario: { official_future: [], state_supreme: [[2, 0.01]] },
    portfolio: { as_evidenced: [[0, 0.8], [1, 0.5]], none: [] }, contract: { as_now: [] },
  },
  elements: { MDT: "multidisciplinary teams" }, units: ["ratio", "bed"], numbers: {},
  outputs: {
    gp_gap: { place: 0, labels: [], rule: SUM },
    system_balance: { place: 1, labels: [], rule: SUM },
    needed: { place: 2, labels: [], rule: SUM },
    landed: { place: 3, labels: [], rule: SUM },
    landed_share: { place: 4, labels: [], rule: share() },
    margin: { place: 5, labels: ["Provider", "Commissioner"], rule: SUM },
    price: { place: 7, labels: [], rule: "same" },
    wait: { place: 8, labels: [], rule: "none" },
  },
  ...more,
});
