// A picture of a chart to keep, as it is seen: what is around it is drawn by assets/pictures.js.
(function () {
  "use strict";
  const E = (window.dudleyExplore = window.dudleyExplore || {});
  const STYLES = ["fill", "stroke", "stroke-width", "stroke-dasharray", "font", "visibility", "fill-opacity",
    "opacity", "stroke-opacity"];

  E.savePicture = function (svg, spec, plan, area) {
    const { width, height } = svg.viewBox.baseVal, copy = withStyles(svg), root = document.documentElement;
    copy.setAttribute("width", width); copy.setAttribute("height", height);
    const text = new XMLSerializer().serializeToString(copy), colour = getComputedStyle(root);
    const people = area.choices.projection.find((each) => each.key === E.currentPlan().projection);
    const medians = "Medians and 8 in 10 runs; the thin line is the single run at central values.";
    const runs = svg.classList.contains("most") ? medians : "A single run at central values.";
    const notes = [runs, E.shortSource(spec, area)];
    if (people) notes.push(`People: ${people.title}.`);
    if (area.extrapolated) notes.push(E.starWords(area));
    window.dudley.savePicture({
      name: spec.key, title: spec.title, units: [spec.unit], plan, width, height,
      address: "data:image/svg+xml;charset=utf-8," + encodeURIComponent(text),
      key: [...document.querySelectorAll(".explore-key-line")], notes: [notes.join(" ")],
      colours: {
        paper: colour.getPropertyValue("--card"), soft: colour.getPropertyValue("--soft"),
        ink: colour.getPropertyValue("--ink"),
      },
    });
  };

  // A picture outside the page has no style sheet: what it says is written into each part.
  function withStyles(svg) {
    const copy = svg.cloneNode(true), to = copy.querySelectorAll("*");
    svg.querySelectorAll("*").forEach((element, place) => {
      const style = getComputedStyle(element);
      for (const name of STYLES) to[place].style.setProperty(name, style.getPropertyValue(name));
    });
    return copy;
  }
})();
