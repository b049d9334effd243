// A picture of a chart to keep, as it is seen.
(function () {
  "use strict";
  const E = (window.dudleyExplore = window.dudleyExplore || {});
  const STYLES = ["fill", "stroke", "stroke-width", "stroke-dasharray", "font", "visibility", "fill-opacity"];
  const SCALE = 2, HEAD = 66, FOOT = 22;

  // With its title, unit and what was run.
  E.savePicture = function (svg, spec, title) {
    const { width, height } = svg.viewBox.baseVal, copy = withStyles(svg), image = new Image();
    copy.setAttribute("width", width); copy.setAttribute("height", height);
    image.onload = () => {
      const canvas = E.make("canvas", { width: width * SCALE, height: (height + HEAD + FOOT) * SCALE });
      const pen = canvas.getContext("2d");
      pen.scale(SCALE, SCALE);
      pen.fillStyle = getComputedStyle(document.documentElement).getPropertyValue("--card");
      pen.fillRect(0, 0, width, height + HEAD + FOOT);
      pen.fillStyle = getComputedStyle(document.body).color;
      pen.font = "bold 17px Arial, sans-serif"; pen.fillText(spec.title, 10, 24);
      pen.font = "12px Arial, sans-serif";
      pen.fillText(spec.unit, 10, 42);
      pen.fillText(title, 10, 58, width - 20);
      pen.drawImage(image, 0, HEAD, width, height);
      pen.fillText("A model, not a forecast", 10, height + HEAD + 14);
      canvas.toBlob((blob) => {
        const link = E.make("a", { href: URL.createObjectURL(blob), download: `dudley_${spec.key}.png` });
        link.click();
        setTimeout(() => URL.revokeObjectURL(link.href), 10000);
      });
    };
    const text = new XMLSerializer().serializeToString(copy);
    image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(text);
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
