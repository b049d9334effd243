// Files of numbers: each is fetched for what the address says now; a server that is not ready is asked again.

import { make, onPlainClick, saveBlob } from "./dom.js";

const MOST = 60; // times that it is asked: three minutes
const wait = (seconds) => new Promise((after) => setTimeout(after, 1000 * seconds));

export function watchDownloads() {
  onPlainClick("a[download]", (link) => {
    if (link.dataset.busy) return;
    fetchFile(link, link.pathname + (link.dataset.numbers ? location.search : link.search));
  }, (link) => /\/download\/\w+\.(xlsx|zip)$/.test(link.pathname));
}

async function fetchFile(link, address) {
  const status = statusOf(link);
  link.dataset.busy = "yes";
  status.textContent = "Making the file …";
  try {
    for (let time = 1; time <= MOST; time += 1) {
      const answer = await fetch(address);
      if (answer.status === 503 && time < MOST) {
        status.textContent = (await answer.text()) + " Asking again …";
        await wait(Number(answer.headers.get("Retry-After")) || 3);
        continue;
      }
      if (!answer.ok) throw new Error(await answer.text());
      saveBlob(await answer.blob(), nameOf(answer));
      status.textContent = "The file is saved.";
      return;
    }
  } catch (problem) {
    const silent = problem instanceof TypeError;
    status.textContent = silent ? "The server did not answer. Please try again." : problem.message;
  } finally {
    delete link.dataset.busy;
  }
}

// The line after the link, made once.
function statusOf(link) {
  const parent = link.parentElement, status = parent.querySelector(".numbers-told");
  return status || parent.appendChild(make("span", { class: "numbers-told", role: "status" }));
}

function nameOf(answer) {
  const found = (answer.headers.get("Content-Disposition") || "").match(/filename=("?)([\w.-]+)\1/);
  return found ? found[2] : "dudley_numbers";
}
