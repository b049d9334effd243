// Changes of the page: one observer for all who wait for elements to appear or to go.

const actions = [];

// Calls act() now and whenever elements of the page change.
export function onChange(act) {
  if (!actions.length) {
    const observer = new MutationObserver(() => { for (const each of actions) each(); });
    observer.observe(document.body, { childList: true, subtree: true });
  }
  actions.push(act);
  act();
}

// Calls start(element) when an element with this id appears, and what that returned when it has gone.
export function onElement(id, start) {
  let element = null, stop = null;
  onChange(() => {
    const found = document.getElementById(id);
    if (found === element) return;
    if (stop) stop();
    element = found;
    stop = found ? start(found) || null : null;
  });
}
