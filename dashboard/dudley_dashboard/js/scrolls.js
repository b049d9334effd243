// Tables and pictures that are wider than their frame are marked, so that a reader sees that there is more.

import { onChange } from "./observer.js";

const REGIONS = "#page :is(.numbers, .model-findings, .model-picture)";

export function markScrolling() {
  const known = new WeakSet();
  const sizes = new ResizeObserver((entries) => { for (const entry of entries) mark(entry.target); });
  let requested = false;

  function mark(region) {
    const hidden = region.scrollWidth - region.clientWidth;
    region.classList.toggle("scrolls", hidden > 1);
    region.classList.toggle("scrolled", hidden > 1 && region.scrollLeft > hidden - 2);
  }

  function look() {
    requested = false;
    for (const region of document.querySelectorAll(REGIONS)) {
      if (!known.has(region)) {
        known.add(region);
        sizes.observe(region);
        region.addEventListener("scroll", () => mark(region), { passive: true });
      }
      if (region.clientWidth) mark(region);
    }
  }

  onChange(() => {
    if (!requested) requestAnimationFrame(look);
    requested = true;
  });
}
