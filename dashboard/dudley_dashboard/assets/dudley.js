// What all pages share: the plan in the address and in the links, light and dark, which page is shown.
(function () {
  "use strict";
  const PLAN = ["v", "scenario", "portfolio", "contract", "footprint", "projection", "set", "pin"];
  const root = document.documentElement;
  const watchers = [];
  let asked = null; // the page that was asked for last

  // The address without what is only of this page.
  function planSearch() {
    const kept = new URLSearchParams();
    for (const [key, value] of new URLSearchParams(location.search)) {
      if (PLAN.includes(key)) kept.append(key, value);
    }
    return writeSearch(kept);
  }

  // Brackets, colons and commas may stand in an address: it stays readable.
  function writeSearch(pairs) {
    const parts = [];
    for (const [key, value] of pairs) {
      const text = encodeURIComponent(value)
        .replace(/%5B/g, "[").replace(/%5D/g, "]").replace(/%3A/g, ":").replace(/%2C/g, ",");
      parts.push(encodeURIComponent(key) + "=" + text);
    }
    return parts.length ? "?" + parts.join("&") : "";
  }

  // Replaces keys of the address, without asking the server:
  // {areas: ["dudley", "walsall"], year: "2028", old: null}.
  function setSearch(values, push) {
    const pairs = [...new URLSearchParams(location.search)].filter(([key]) => !(key in values));
    for (const [key, value] of Object.entries(values)) {
      if (value === null || value === undefined) continue;
      for (const each of Array.isArray(value) ? value : [value]) pairs.push([key, String(each)]);
    }
    go(location.pathname + writeSearch(pairs), push);
  }

  // Browsers refuse more than about a hundred changes of the address in half a minute; the page goes on.
  function go(address, push, state) {
    try {
      history[push ? "pushState" : "replaceState"](state === undefined ? history.state : state, "", address);
    } catch (_) { return false; }
    keepPlanInLinks();
    return true;
  }

  function keepPlanInLinks() {
    const plan = planSearch();
    for (const link of document.querySelectorAll("a[data-page]")) {
      const address = link.dataset.page + plan;
      if (link.getAttribute("href") !== address) link.setAttribute("href", address);
      const here = location.pathname === link.dataset.page && link.closest("nav");
      if (here) link.setAttribute("aria-current", "page"); else link.removeAttribute("aria-current");
    }
  }

  // Moves to a page without loading everything anew; dcc.Location hears of it.
  function visit(address) {
    if (address === location.pathname + location.search) return;
    history.pushState(null, "", address);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
    keepPlanInLinks();
    window.scrollTo(0, 0);
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest("a[data-page]");
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    visit(link.getAttribute("href"));
    const main = document.getElementById("page");
    if (main) main.focus({ preventScroll: true });
  });
  for (const kind of ["popstate", "pointerdown", "focusin", "_dashprivate_pushstate"]) {
    window.addEventListener(kind, keepPlanInLinks, true);
  }

  // A page that follows its address by itself says so (data-follows-address) and hears "dudley:address".
  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    dudley: Object.assign({}, (window.dash_clientside || {}).dudley, {
      route(path, search) {
        keepPlanInLinks();
        const shown = document.querySelector("#page [data-follows-address]");
        // Who leaves and comes back before the other page is there must not be left with that.
        const here = shown && shown.dataset.followsAddress === path && (asked === null || asked === path);
        asked = path;
        if (here) {
          window.dispatchEvent(new CustomEvent("dudley:address"));
          return window.dash_clientside.no_update;
        }
        return { path, search };
      },
    }),
  });

  // Calls start(element) when an element with this id appears, and stop() when it has gone.
  function onPage(id, start) {
    watchers.push({ id, start, element: null, stop: null });
    look();
  }

  function look() {
    for (const watcher of watchers) {
      const found = document.getElementById(watcher.id);
      if (found === watcher.element) continue;
      if (watcher.stop) watcher.stop();
      watcher.element = found;
      watcher.stop = found ? watcher.start(found) || null : null;
    }
    keepPlanInLinks();
  }

  document.addEventListener("click", (event) => {
    if (!(event.target.closest && event.target.closest("#colours"))) return;
    const next = root.getAttribute("data-mantine-color-scheme") === "dark" ? "light" : "dark";
    try { localStorage.setItem("mantine-color-scheme-value", next); } catch (_) { /* storage is refused */ }
    root.setAttribute("data-mantine-color-scheme", next);
    window.dispatchEvent(new CustomEvent("dudley:colours", { detail: next }));
  });

  function begin() {
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
    look();
  }
  if (document.body) begin(); else document.addEventListener("DOMContentLoaded", begin);

  // Other pages draw with Plotly, which is large: it is fetched while nobody waits.
  window.addEventListener("load", () => setTimeout(() => {
    const address = window._dashPlotlyJSURL;
    if (!address || window.Plotly || !address.startsWith("/")) return;
    const link = document.createElement("link");
    link.rel = "prefetch";
    link.href = address;
    document.head.append(link);
  }, 2500));

  window.dudley = { setSearch, planSearch, writeSearch, go, visit, onPage };
})();
