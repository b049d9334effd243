// Pages drawn by the server write what they show into the address, without loading anything anew.
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
      if (progress !== null && progress !== undefined) {
        setTimeout(() => {
          if (!document.getElementById("areas-shown")) return;
          window.dash_clientside.set_props("areas-again", { data: progress });
        }, 500);
      }
      return window.dash_clientside.no_update;
    },
  },
});
