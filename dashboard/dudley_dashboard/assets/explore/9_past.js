// What was chosen before, over all areas: for Undo, Redo and Replay.
(function () {
  "use strict";
  const E = (window.dudleyExplore = window.dudleyExplore || {});

  E.makePast = function () {
    const past = [], future = [];
    return {
      add(plan) { past.push(E.copy(plan)); future.length = 0; },
      // The plan before, or after; the one that is left can be come back to.
      back(now) { return step(past, future, now); },
      forward(now) { return step(future, past, now); },
      last: () => past[past.length - 1] || null,
      can: () => ({ undo: past.length > 0, redo: future.length > 0 }),
    };
  };

  function step(from, onto, now) {
    if (!from.length) return null;
    onto.push(E.copy(now));
    return from.pop();
  }
})();
