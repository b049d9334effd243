// Functions that Dash calls in the browser, by the names that ClientsideFunction has in Python.

import { route, setSearch } from "./address.js";
import { modelPage } from "./model_page.js";
import { people } from "./people.js";
import { uncertainty } from "./uncertainty.js";

const timers = {};

// Pages drawn by the server write what they show into the address, without loading anything anew.
const pages = {
  // pairs: [[key, value], ...]; keys: those of the page, so that what is usual again goes out of the address.
  address(content) {
    if (!content) return;
    const values = Object.fromEntries(content.keys.map((key) => [key, null]));
    for (const [key, value] of content.pairs) values[key] = (values[key] || []).concat([value]);
    setSearch(values);
  },
  // Asks again half a second after an answer that was not the last: never while one is under way.
  again(progress) {
    const store = window.dash_clientside.callback_context.inputs_list[0].id.replace("-progress", "-again");
    clearTimeout(timers[store]);
    if (!progress) return;
    timers[store] = setTimeout(() => {
      if (!document.querySelector(`[id^="${store.split("-")[0]}-"]`)) return; // another page was gone to
      window.dash_clientside.set_props(store, { data: progress });
    }, 500);
  },
};

// A function that returns nothing changes nothing.
const quiet = (call) => (...values) => call(...values) ?? window.dash_clientside.no_update;
const quieted = (functions) =>
  Object.fromEntries(Object.entries(functions).map(([name, call]) => [name, quiet(call)]));

export function registerCallbacks() {
  const spaces = { dudley: { route }, pages, model: modelPage, people, uncertainty };
  for (const [name, functions] of Object.entries(spaces)) window.dash_clientside[name] = quieted(functions);
}
