// Tables and pictures that are wider than their place are marked, so that a reader sees that there is more.
(function () {
  "use strict";
  const REGIONS = "#page :is(.numbers, .model-findings, .model-picture)";
  const known = new WeakSet();
  const sizes = new ResizeObserver((entries) => { for (const entry of entries) mark(entry.target); });
  let asked = false;

  function mark(region) {
    const hidden = region.scrollWidth - region.clientWidth;
    region.classList.toggle("scrolls", hidden > 1);
    region.classList.toggle("scrolled", hidden > 1 && region.scrollLeft > hidden - 2);
  }

  function look() {
    asked = false;
    for (const region of document.querySelectorAll(REGIONS)) {
      if (!known.has(region)) {
        known.add(region);
        sizes.observe(region);
        region.addEventListener("scroll", () => mark(region), { passive: true });
      }
      if (region.clientWidth) mark(region);
    }
  }

  function soon() {
    if (!asked) requestAnimationFrame(look);
    asked = true;
  }

  function begin() {
    new MutationObserver(soon).observe(document.body, { childList: true, subtree: true });
    soon();
  }
  if (document.body) begin(); else document.addEventListener("DOMContentLoaded", begin);
})();
