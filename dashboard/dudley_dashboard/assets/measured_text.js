// How wide text is, measured in the letters that are there: nothing is laid out by counting letters.
(function () {
  "use strict";
  const pen = document.createElement("canvas").getContext("2d");

  // font: as CSS writes it, "bold 13px Arial, sans-serif".
  function width(text, font) {
    pen.font = font;
    return pen.measureText(text).width;
  }

  // The font of an element, as it is drawn.
  function fontOf(element) {
    const style = getComputedStyle(element);
    return `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  }

  // Lines of words, which a no-break space does not part, none wider than the room unless it is one word.
  function wrap(text, font, room) {
    const lines = [];
    for (const word of text.split(/[ \n]+/).filter(Boolean)) {
      const last = lines.length - 1, longer = lines.length ? `${lines[last]} ${word}` : word;
      if (lines.length && width(longer, font) <= room) lines[last] = longer;
      else lines.push(word);
    }
    return lines;
  }
  window.dudley.text = { width, fontOf, wrap };
})();
