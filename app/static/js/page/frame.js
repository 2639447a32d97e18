/**
 * Frames for views, and the sizes of what is on the page.
 * @module
 */

/** @typedef {import("./app.js").App} App */
/** @typedef {import("../views/view.js").Frame} Frame */

/** @type {Map<string, {width: number, height: number}>} */
const sizes = new Map();

/**
 * The inner size of the element with this `data-measure`, as last seen.
 * @param {string} id
 */
export function measured(id) {
  return sizes.get(id) ?? { width: 0, height: 0 };
}

/**
 * Watch elements with `data-measure`; call `changed` when one has another size. Call after each drawing.
 * @param {() => void} changed
 */
export function measuring(changed) {
  const observer = new ResizeObserver((entries) => {
    let different = false;
    for (const { target } of entries) different = note(/** @type {HTMLElement} */ (target)) || different;
    if (different) changed();
  });
  /** @type {Set<Element>} */
  const watched = new Set();
  return () => {
    let different = false;
    for (const element of document.querySelectorAll("[data-measure]")) {
      if (watched.has(element)) continue;
      watched.add(element);
      observer.observe(element);
      // Not left to the observer: it waits for a frame, and a tab that is not seen has none.
      different = note(/** @type {HTMLElement} */ (element)) || different;
    }
    for (const element of watched) {
      if (element.isConnected) continue;
      watched.delete(element);
      observer.unobserve(element);
    }
    if (different) changed();
  };
}

/** @param {HTMLElement} element */
function note(element) {
  const id = element.dataset.measure ?? "";
  const before = sizes.get(id);
  const size = { width: element.clientWidth, height: element.clientHeight };
  if (size.width === 0 || (before?.width === size.width && before.height === size.height)) return false;
  sizes.set(id, size);
  return true;
}

/**
 * What one state of the page shows in all its panes: made once a drawing of the page.
 * @type {{run: import("../core/run.js").Run, at: number, level: string, length: number, changes: import("../core/changes.js").Changes} | null}
 */
let step = null;

/**
 * What the step to `at` changed.
 * @param {import("../core/run.js").Run} run
 * @param {number} at
 * @param {import("../core/levels.js").Level} level
 */
export function changesAt(run, at, level) {
  if (step?.run !== run || step.at !== at || step.level !== level || step.length !== run.length) {
    step = { run, at, level, length: run.length, changes: run.changes(at, level) };
  }
  return step.changes;
}

/**
 * The frame of a pane.
 * @param {App} app
 * @param {string} id
 * @param {number} scale how much larger the drawing is shown
 * @param {number} [top] how far it is scrolled
 * @param {number} [at] the place, if not the present one
 * @returns {Frame}
 */
export function frameOf(app, id, scale, top = 0, at = app.at) {
  const { run, level } = app;
  if (!run) throw new Error("there is no run to draw");
  const state = run.timeline.seek(at);
  const { width, height } = measured(id);
  return {
    run,
    state,
    at,
    level,
    changes: changesAt(run, at, level),
    selection: app.selection,
    messages: app.messages,
    box: { width: width / scale, height: height / scale, top: top / scale },
    toggled: app.toggled,
    source: (module) => app.sources.get(module),
    hits: app.hits,
    orders: app.ready,
  };
}
