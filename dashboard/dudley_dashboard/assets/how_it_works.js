/* How it works: draws boxes and arrows as SVG, follows links without loading the page anew. */
(function () {
  "use strict";
  const SVG = "http://www.w3.org/2000/svg";
  const NARROW = 620; // pixels of room below which pictures stand upright
  let pictures = [];
  let focus = null; // id of the heading that a link leads to
  let drawnNarrow = null;

  function make(name, attributes, text) {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    if (text !== undefined) element.textContent = text;
    return element;
  }

  // Where the line from the middle of a box to a point leaves the box.
  function edge(box, to, gap) {
    const dx = to[0] - box.x;
    const dy = to[1] - box.y;
    const scale = Math.min(
      (box.width / 2 + gap) / Math.max(Math.abs(dx), 1e-6),
      (box.height / 2 + gap) / Math.max(Math.abs(dy), 1e-6)
    );
    return [box.x + dx * scale, box.y + dy * scale];
  }

  // A line through points, and the middle of it.
  function course(arrow, from, to, picture) {
    const middle = [picture.width / 2, picture.height / 2];
    let through = arrow.through.map((point) => point.slice());
    if (picture.bent) {
      const half = [(from.x + to.x) / 2, (from.y + to.y) / 2];
      // There and back do not lie on each other.
      const side = [(to.y - from.y) * 0.06, (from.x - to.x) * 0.06];
      through = [[0, 1].map((k) => half[k] + 0.45 * (middle[k] - half[k]) + side[k])];
    } else if (!through.length && picture.both && picture.both.has(arrow.target + "\n" + arrow.source)) {
      const half = [(from.x + to.x) / 2, (from.y + to.y) / 2];
      const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
      through = [[half[0] + (14 * (to.y - from.y)) / length, half[1] + (14 * (from.x - to.x)) / length]];
    }
    const start = edge(from, through[0] || [to.x, to.y], 1);
    const end = edge(to, through[through.length - 1] || [from.x, from.y], 5);
    let path;
    if (picture.bent || through.length === 1) {
      path = `M${start} Q${through[0]} ${end}`;
    } else if (through.length) {
      path = `M${start}`; // bends at each point, straight from middle to middle between them
      through.forEach((point, number) => {
        const next = through[number + 1];
        path += ` Q${point} ${next ? [0, 1].map((k) => (point[k] + next[k]) / 2) : end}`;
      });
    } else {
      path = `M${start} L${end}`;
    }
    const at = through.length
      ? [0, 1].map((k) => 0.25 * start[k] + 0.5 * through[0][k] + 0.25 * end[k])
      : [(start[0] + end[0]) / 2, (start[1] + end[1]) / 2];
    return { path, at };
  }

  function heads(picture, name) {
    const definitions = make("defs", {});
    for (const kind of ["plain", "marked", "falls"]) {
      const marker = make("marker", {
        id: `model-head-${name}-${kind}`, viewBox: "0 0 10 10", refX: 8, refY: 5,
        markerWidth: 9, markerHeight: 9,
        markerUnits: "userSpaceOnUse", orient: "auto-start-reverse", class: `model-head-${kind}`,
      });
      marker.append(make("path", { d: "M0 0 L10 5 L0 10 z" }));
      definitions.append(marker);
    }
    return definitions;
  }

  function drawArrow(arrow, boxes, picture, name, faint) {
    const from = boxes.get(arrow.source);
    const to = boxes.get(arrow.target);
    const { path, at } = course(arrow, from, to, picture);
    const falls = arrow.sign === "−";
    const kind = arrow.marked ? (falls ? "falls" : "marked") : "plain";
    const classes = ["model-arrow", `model-arrow-${kind}`];
    if (faint && !arrow.marked) classes.push("model-faint");
    const width = picture.bent ? 0.8 + 0.5 * arrow.weight : arrow.thick ? 4 : 1.6;
    const group = make("g", { class: classes.join(" "), "data-from": arrow.source, "data-to": arrow.target });
    group.append(make("path", {
      d: path, "stroke-width": arrow.marked ? Math.max(width, 3) : width,
      "marker-end": `url(#model-head-${name}-${kind})`,
      ...(falls ? { "stroke-dasharray": "7 4" } : {}),
    }));
    if (arrow.sign) {
      group.append(make("circle", { cx: at[0], cy: at[1], r: 11, class: "model-sign-ground" }));
      const middle = { x: at[0], y: at[1] + 6, "text-anchor": "middle", class: "model-sign-text" };
      group.append(make("text", middle, arrow.sign));
    }
    return group;
  }

  function drawBox(box, faint) {
    const link = make("a", {
      href: box.href,
      class: `model-link model-box model-box-${box.kind}` + (box.marked ? " model-box-marked" : "") +
        (faint && !box.marked ? " model-faint" : ""),
      "data-focus": box.kind === "sector" ? "model-map-title" : "model-variable-title", "data-key": box.key,
    });
    link.append(make("title", {}, box.title));
    const half = [box.width / 2, box.height / 2];
    if (box.kind === "flow") {
      const [w, h] = half;
      const cut = 12;
      const points = [[-w, 0], [-w + cut, -h], [w - cut, -h], [w, 0], [w - cut, h], [-w + cut, h]];
      link.append(make("polygon", { points: points.map(([x, y]) => `${box.x + x},${box.y + y}`).join(" ") }));
    } else {
      link.append(make("rect", {
        x: box.x - half[0], y: box.y - half[1], width: box.width, height: box.height,
        rx: box.kind === "stock" ? 0 : 14,
      }));
    }
    const line = 17;
    const first = box.y - ((box.lines.length - 1) * line) / 2 + 5;
    box.lines.forEach((text, number) => {
      link.append(make("text", { x: box.x, y: first + number * line, "text-anchor": "middle" }, text));
    });
    return link;
  }

  function drawPicture(place, picture, number) {
    const name = String(number);
    const boxes = new Map(picture.boxes.map((box) => [box.key, box]));
    picture.both = new Set(picture.arrows.map((arrow) => arrow.source + "\n" + arrow.target));
    const svg = make("svg", {
      viewBox: `0 0 ${picture.width} ${picture.height}`, width: picture.width, height: picture.height,
      role: "group", "aria-label": picture.title,
    });
    // Letters stay legible.
    if (picture.name.startsWith("sector")) svg.style.minWidth = `${0.8 * picture.width}px`;
    svg.append(heads(picture, name));
    const plain = picture.arrows.filter((arrow) => !arrow.marked);
    const marked = picture.arrows.filter((arrow) => arrow.marked);
    const faint = plain.length > 0 && marked.length > 0;
    for (const arrow of [...plain, ...marked]) svg.append(drawArrow(arrow, boxes, picture, name, faint));
    for (const box of picture.boxes) svg.append(drawBox(box, faint));
    for (const kind of ["pointerover", "focusin"]) {
      svg.addEventListener(kind, (event) => light(svg, event.target.closest?.("a.model-box")));
    }
    for (const kind of ["pointerleave", "focusout"]) svg.addEventListener(kind, () => light(svg, null));
    place.replaceChildren(svg);
  }

  // The arrows of the box that is pointed at or focused.
  function light(svg, box) {
    svg.classList.toggle("model-lit", Boolean(box));
    for (const arrow of svg.querySelectorAll(".model-arrow")) {
      const key = box && box.dataset.key;
      const touched = arrow.dataset.from === key || arrow.dataset.to === key;
      arrow.classList.toggle("model-arrow-lit", Boolean(box) && touched);
    }
  }

  function drawAll() {
    const page = document.getElementById("model-page");
    if (!page) return;
    drawnNarrow = page.clientWidth < NARROW;
    pictures.forEach((sizes, number) => {
      const place = document.getElementById(`model-picture-${number}`);
      if (place) drawPicture(place, sizes[drawnNarrow ? "narrow" : "wide"], number);
    });
  }

  function visit(address) {
    history.pushState(null, "", address);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
  }

  // The address with some keys changed; an empty one is left out.
  function changed(values) {
    const pairs = [...new URLSearchParams(location.search)].filter(([key]) => !(key in values));
    for (const [key, value] of Object.entries(values)) if (value) pairs.push([key, value]);
    return location.pathname + window.dudley.writeSearch(pairs);
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest("a.model-link");
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    focus = link.dataset.focus || null;
    const address = link.getAttribute("href");
    if (location.search === address || (address === "?" && !location.search)) return arrive();
    visit(address === "?" ? location.pathname : location.pathname + address);
  });

  function arrive() {
    const heading = focus && document.getElementById(focus);
    if (!heading) return;
    focus = null;
    heading.focus({ preventScroll: true });
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    heading.scrollIntoView({ block: "start", behavior: still ? "auto" : "smooth" });
  }

  window.addEventListener("resize", () => {
    const page = document.getElementById("model-page");
    if (page && page.clientWidth < NARROW !== drawnNarrow) drawAll();
  });

  function start(page) {
    page.dataset.followsAddress = location.pathname;
    const choose = document.getElementById("model-choose");
    if (choose && page.clientWidth < NARROW) choose.open = false;
    drawAll();
    return () => { pictures = []; };
  }

  const nothing = () => window.dash_clientside.no_update;
  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    model: {
      draw(data) {
        pictures = data || [];
        requestAnimationFrame(drawAll);
        return nothing();
      },
      arrive() {
        requestAnimationFrame(() => requestAnimationFrame(() => { drawAll(); arrive(); }));
        return nothing();
      },
      search(key) {
        const now = new URLSearchParams(location.search).get("variable") || "";
        if (key && key !== now) {
          focus = "model-variable-title";
          visit(changed({ variable: key, element: null }));
        }
        return nothing();
      },
      element(values) {
        const search = new URLSearchParams(location.search);
        const chosen = (values || []).join(",");
        const shown = document.querySelector("#model-panel [data-elements]")?.dataset.elements;
        const other = shown !== undefined && chosen !== shown;
        if (chosen && search.get("variable") && other) visit(changed({ element: chosen }));
        return nothing();
      },
      find(text, status) {
        window.dudley.setSearch({ find: text || null, status: status || null });
        return nothing();
      },
    },
  });
  window.dudley.onPage("model-page", start);
})();
