// The page of saved plans: choosing a plan file, and the name and reason that downloads get.
(function () {
  "use strict";

  function started(place) {
    const label = document.createElement("label");
    label.htmlFor = "plans-choose";
    label.textContent = "Plan file (.toml)";
    const choose = document.createElement("input");
    choose.type = "file";
    choose.id = "plans-choose";
    choose.accept = ".toml";
    const told = document.createElement("div");
    told.setAttribute("role", "status");
    told.className = "plans-file-told";
    place.replaceChildren(label, choose, told);
    choose.addEventListener("change", () => open(place.dataset.prefix, choose, told));
  }

  async function open(prefix, choose, told) {
    const file = choose.files[0];
    if (!file) return;
    if (file.size > 100000) return tell(told, ["This file is too large for a plan file."]);
    try {
      const sent = { method: "POST", body: await file.text(), headers: { "Content-Type": "text/plain" } };
      const answer = await fetch(prefix + "plan-file", sent);
      const found = await answer.json();
      if (found.faults) return tell(told, ["The file cannot be opened:"], found.faults);
      const address = prefix + found.address;
      if (!found.notes.length) return window.dudley.visit(address);
      tell(told, ["The file was read, with notes:"], found.notes);
      const link = document.createElement("a");
      link.href = address;
      link.textContent = "Show the plan";
      told.append(link);
    } catch (_) {
      tell(told, ["The server did not answer. Please try again."]);
    } finally {
      choose.value = "";
    }
  }

  function tell(told, sentences, items) {
    const parts = sentences.map((text) => Object.assign(document.createElement("p"), { textContent: text }));
    if (items) {
      const list = document.createElement("ul");
      list.append(...items.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
      parts.push(list);
    }
    told.replaceChildren(...parts);
  }

  function named(link) {
    const plain = link.getAttribute("href");
    function write() {
      const more = ["title", "reason"].map((key, place) => {
        const field = document.getElementById(["plans-name", "plans-reason"][place]);
        return field && field.value.trim() ? key + "=" + encodeURIComponent(field.value.trim()) : "";
      }).filter(Boolean).join("&");
      link.setAttribute("href", more ? plain + (plain.includes("?") ? "&" : "?") + more : plain);
    }
    document.addEventListener("input", write);
    return () => document.removeEventListener("input", write);
  }

  // Mantine makes the head of a window a banner; a page has one already.
  function noBanner(content) {
    const head = content.closest("[role=dialog]").querySelector("header");
    if (head) head.setAttribute("role", "presentation");
  }

  window.dudley.onPage("plans-open", started);
  window.dudley.onPage("plans-window-content", noBanner);
  for (const id of ["plans-file", "plans-workbook", "plans-tables"]) window.dudley.onPage(id, named);
})();
