// Pages drawn by the server write what they show into the address, without loading anything anew.
(function () {
  "use strict";
  const waiting = {};
  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    pages: {
      // pairs: [[key, value], ...]; keys: those of the page, so that what is usual again goes out of
      // the address.
      address(content) {
        if (!content) return window.dash_clientside.no_update;
        const values = {};
        for (const key of content.keys) values[key] = null;
        for (const [key, value] of content.pairs) values[key] = (values[key] || []).concat([value]);
        window.dudley.setSearch(values);
        return window.dash_clientside.no_update;
      },
      // Asks again half a second after an answer that was not the last: never while one is under way.
      again(progress) {
        const here = window.dash_clientside.callback_context.inputs_list[0].id;
        const store = here.replace("-progress", "-again");
        clearTimeout(waiting[store]);
        if (progress) {
          waiting[store] = setTimeout(() => {
            if (!document.querySelector(`[id^="${store.split("-")[0]}-"]`)) return; // another page was gone to
            window.dash_clientside.set_props(store, { data: progress });
          }, 500);
        }
        return window.dash_clientside.no_update;
      },
    },
  });
})();
