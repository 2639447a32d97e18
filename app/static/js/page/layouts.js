/**
 * The ready layouts: panes side by side, each as a CSS grid. Message: `layout-ID`.
 * @module
 */

/**
 * @typedef {object} Layout
 * @property {string} id
 * @property {string} columns
 * @property {string} rows
 * @property {string[]} areas rows of pane ids
 * @property {number} [scale] how much larger drawings are
 */

/** @typedef {import("./app.js").App} App */

/** How much larger drawings are in the projector's theme. */
export const PROJECTED = 1.3;

/** @type {Layout[]} */
export const LAYOUTS = [
  {
    id: "overview",
    columns: "minmax(0, 5fr) minmax(0, 7fr)",
    rows: "minmax(0, 3fr) minmax(0, 2fr)",
    areas: ["calls objects", "source inspector"],
  },
  {
    id: "calls",
    columns: "minmax(0, 6fr) minmax(0, 6fr)",
    rows: "minmax(0, 2fr) minmax(0, 3fr)",
    areas: ["calls stack", "calls source"],
  },
  {
    id: "types",
    columns: "minmax(0, 3fr) minmax(0, 1fr)",
    rows: "minmax(0, 1fr) minmax(0, 1fr)",
    areas: ["types calls", "types inspector"],
  },
  {
    id: "realize",
    columns: "minmax(0, 5fr) minmax(0, 3fr)",
    rows: "minmax(0, 1fr) minmax(0, 1fr)",
    areas: ["overrides stack", "overrides source"],
  },
  {
    id: "config",
    columns: "minmax(0, 3fr) minmax(0, 1fr)",
    rows: "minmax(0, 1fr) minmax(0, 1fr)",
    areas: ["config stack", "config inspector"],
  },
  {
    id: "objects",
    columns: "minmax(0, 3fr) minmax(0, 1fr)",
    rows: "minmax(0, 1fr)",
    areas: ["objects inspector"],
  },
  {
    id: "projector",
    columns: "minmax(0, 2fr) minmax(0, 3fr)",
    rows: "minmax(0, 1fr)",
    areas: ["calls overrides"],
    scale: 1.35,
  },
];

/**
 * A layout by its id, the first where there is none of that id.
 * @param {string} id
 */
export function layout(id) {
  return LAYOUTS.find((each) => each.id === id) ?? LAYOUTS[0];
}

/**
 * The panes that are on the page now, in their order.
 * @param {App} app
 */
export function panesOf(app) {
  return app.maximized ? [app.maximized] : [...new Set(layout(app.layout).areas.flatMap((row) => row.split(" ")))];
}

/**
 * How much larger the drawings of the panes are shown.
 * @param {App} app
 */
export function scaleOf(app) {
  return app.theme === "projector" ? PROJECTED : (layout(app.layout).scale ?? 1);
}
