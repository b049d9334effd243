// The page of saved plans: choosing a plan file, and the name and reason that downloads get.

import { visit } from "./address.js";
import { make } from "./dom.js";
import { onElement } from "./observer.js";

export function watchPlans() {
  onElement("plans-open", offerFile);
  onElement("plans-window-content", noBanner);
  for (const id of ["plans-file", "plans-workbook", "plans-tables"]) onElement(id, nameDownload);
}

function offerFile(host) {
  const choose = make("input", { type: "file", id: "plans-choose", accept: ".toml" });
  const status = make("div", { role: "status", class: "plans-file-told" });
  host.replaceChildren(make("label", { for: "plans-choose" }, "Plan file (.toml)"), choose, status);
  choose.addEventListener("change", () => open(host.dataset.prefix, choose, status));
}

async function open(prefix, choose, status) {
  const file = choose.files[0];
  if (!file) return;
  if (file.size > 100000) { report(status, "This file is too large for a plan file."); return; }
  try {
    const options = { method: "POST", body: await file.text(), headers: { "Content-Type": "text/plain" } };
    const found = await (await fetch(prefix + "plan-file", options)).json();
    if (found.faults) report(status, "The file cannot be opened:", found.faults);
    else if (!found.notes.length) visit(prefix + found.address);
    else {
      report(status, "The file was read, with notes:", found.notes);
      status.append(make("a", { href: prefix + found.address }, "Show the plan"));
    }
  } catch (_) {
    report(status, "The server did not answer. Please try again.");
  } finally {
    choose.value = "";
  }
}

function report(status, sentence, items) {
  const list = items ? make("ul", {}, ...items.map((text) => make("li", {}, text))) : null;
  status.replaceChildren(...[make("p", {}, sentence), list].filter(Boolean));
}

function nameDownload(link) {
  const plain = link.getAttribute("href");
  function write() {
    const pairs = [["title", "plans-name"], ["reason", "plans-reason"]].map(([key, id]) => {
      const field = document.getElementById(id);
      return field && field.value.trim() ? key + "=" + encodeURIComponent(field.value.trim()) : "";
    }).filter(Boolean).join("&");
    link.setAttribute("href", pairs ? plain + (plain.includes("?") ? "&" : "?") + pairs : plain);
  }
  document.addEventListener("input", write);
  return () => document.removeEventListener("input", write);
}

// Mantine makes the head of a window a banner; a page has one already.
function noBanner(content) {
  const head = content.closest("[role=dialog]").querySelector("header");
  if (head) head.setAttribute("role", "presentation");
}
