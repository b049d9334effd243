// A table that is wider than its place says that it can be scrolled, until its end is reached.
(function () {
  "use strict";
  const seen = new ResizeObserver((entries) => {
    for (const each of entries) tell(each.target);
  });

  function tell(place) {
    const wide = place.scrollWidth > place.clientWidth + 1;
    const end = place.scrollLeft + place.clientWidth >= place.scrollWidth - 2;
    place.dataset.more = wide ? (end ? "before" : "after") : "none";
  }

  // `tables.css` lets a table that comes into sight say so; watching the whole page would slow it down.
  document.addEventListener("animationstart", (event) => {
    if (event.animationName !== "numbers-in-sight") return;
    seen.observe(event.target);
    event.target.addEventListener("scroll", () => tell(event.target), { passive: true });
    tell(event.target);
  });
})();
