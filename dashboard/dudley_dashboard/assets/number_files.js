// Files of numbers are asked for with what the address says now.
// A server that is not ready says so, and is asked again.
(function () {
  "use strict";
  const MOST = 60; // times that it is asked: three minutes
  const wait = (seconds) => new Promise((after) => setTimeout(after, 1000 * seconds));

  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest("a[download]");
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    if (!/\/download\/\w+\.(xlsx|zip)$/.test(link.pathname)) return;
    event.preventDefault();
    if (link.dataset.busy) return;
    fetchFile(link, link.pathname + (link.dataset.numbers ? location.search : link.search));
  });

  async function fetchFile(link, address) {
    const told = place(link);
    link.dataset.busy = "yes";
    told.textContent = "Making the file …";
    try {
      for (let time = 1; time <= MOST; time += 1) {
        const answer = await fetch(address);
        if (answer.status === 503 && time < MOST) {
          told.textContent = (await answer.text()) + " Asking again …";
          await wait(Number(answer.headers.get("Retry-After")) || 3);
          continue;
        }
        if (!answer.ok) throw new Error(await answer.text());
        save(await answer.blob(), name(answer));
        told.textContent = "The file is saved.";
        return;
      }
    } catch (problem) {
      const gone = problem instanceof TypeError;
      told.textContent = gone ? "The server did not answer. Please try again." : problem.message;
    } finally {
      delete link.dataset.busy;
    }
  }

  // Where it is said: after the link, once.
  function place(link) {
    const held = link.parentElement.querySelector(".numbers-told");
    if (held) return held;
    const told = document.createElement("span");
    told.className = "numbers-told";
    told.setAttribute("role", "status");
    link.parentElement.append(told);
    return told;
  }

  function name(answer) {
    const found = (answer.headers.get("Content-Disposition") || "").match(/filename=("?)([\w.-]+)\1/);
    return found ? found[2] : "dudley_numbers";
  }

  function save(blob, title) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = title;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }
})();
