/**
 * What a view is: a pure function from a frame (what there is to see) to a drawing (SVG, a table, text forms).
 *
 * A view reads the frame and nothing else: no DOM, no clock, no storage. What can be selected carries `data-select` (a token of
 * core/selection.js), what can be opened or folded carries `data-toggle`, what gives the machine a command `data-do`; the page
 * does the rest.
 * @module
 */

/** @typedef {import("../core/run.js").Run} Run */

/**
 * @typedef {object} Frame
 * @property {Run} run
 * @property {import("../core/fold.js").State} state the machine at `at`
 * @property {number} at the place: the last thing that happened is event `at - 1`
 * @property {import("../core/levels.js").Level} level
 * @property {import("../core/changes.js").Changes} changes what this step changed (since the stop before, at this level)
 * @property {import("../core/selection.js").Selection | null} selection
 * @property {import("../core/i18n.js").Messages} messages `frame.messages.t("id", {…})`
 * @property {Box} box the part of the pane that is seen, in the drawing's units
 * @property {ReadonlySet<string>} toggled tokens of `data-toggle` that the reader has switched
 * @property {(module: string) => string | null} source text of an emulated module, null until it is there
 * @property {boolean} [orders] the machine takes commands: what the page may offer carries `data-do`
 * @property {(y: number, height: number) => number} [follow] where a drawing of this height will be scrolled to, so that y is in sight
 * @property {Int32Array} hits events found by the search, ascending
 */
/**
 * @typedef {object} Box
 * @property {number} width
 * @property {number} height
 * @property {number} top how far the reader has scrolled
 */
/**
 * @typedef {object} Drawing
 * @property {number} width
 * @property {number} height
 * @property {import("../../vendor/lit-html/lit-html.js").TemplateResult | import("../../vendor/lit-html/lit-html.js").TemplateResult[]} svg contents of the <svg>, in units of one CSS pixel
 * @property {import("./listing.js").Listing} [list] the same as lines of text, for the screen; such a drawing makes its SVG where that is asked for
 * @property {string} label one sentence that says what the drawing shows now
 * @property {() => Table} table the same, for reading without seeing (and for Markdown)
 * @property {Record<string, () => string>} [texts] more text forms by name: "tree", "mermaid", ...
 * @property {string} [scene] what the drawing is of: one of another scene is put in its place as a whole, which costs less than to change nearly every element
 * @property {number} [follow] the y that should be in sight (for drawings that scroll)
 */
/**
 * @typedef {object} Table
 * @property {string} caption
 * @property {string[]} head
 * @property {Row[]} rows
 */
/**
 * @typedef {object} Row
 * @property {(string | Cell)[]} cells the first names the row
 * @property {number} [level] depth in a tree, from 1
 */
/**
 * @typedef {object} Cell
 * @property {string} text
 * @property {string} [select] token
 * @property {boolean} [changed] changed in this step
 */
/**
 * @typedef {object} View
 * @property {string} id also the message `view-ID`, its title
 * @property {(frame: Frame) => Drawing} draw
 */

/**
 * Where a drawing will be scrolled to when it is seen: asked before its rows are drawn, so that only those are which will be in sight.
 * @param {Frame} frame
 * @param {number | undefined} y what should be in sight
 * @param {number} height of the drawing
 */
export function topFor({ box, follow }, y, height) {
  return y === undefined || !follow ? box.top : follow(y, height);
}
