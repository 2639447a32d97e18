/**
 * What a selection stands for: the events that wrote it, and a query that finds them.
 * @module
 */

import { search } from "../core/query.js";

/** @typedef {import("../core/run.js").Run} Run */
/** @typedef {import("../core/selection.js").Selection} Selection */

/** The last search for a function or a type, kept because every drawing of the page asks. @type {{run: Run, query: string, length: number, seqs: number[]} | null} */
let kept = null;

/**
 * The events that changed (of a function: entered) what is selected, ascending.
 * @param {Run} run
 * @param {Selection} selection
 * @returns {readonly number[]}
 */
export function writesOf(run, selection) {
  switch (selection.kind) {
    case "object":
      return run.history.object(selection.id);
    case "field":
      return run.history.field(selection.id, selection.field);
    case "byte":
      return run.history.field(selection.id, selection.field, selection.at);
    case "call":
      return [selection.seq];
    default: {
      const query = queryOf(run, selection);
      if (kept?.run !== run || kept.query !== query || kept.length !== run.length) {
        kept = { run, query, length: run.length, seqs: [...search(run, query)] };
      }
      return kept.seqs;
    }
  }
}

/**
 * A query that stops at what is selected.
 * @param {Run} run
 * @param {Selection} selection
 */
export function queryOf(run, selection) {
  const object = (/** @type {number} */ id) => `obj:${run.names.stable(id).replaceAll(" ", "*")}`;
  switch (selection.kind) {
    case "object":
      return object(selection.id);
    case "field":
      return `field:${selection.field} ${object(selection.id)}`;
    case "byte":
      return `byte:0x${selection.at.toString(16)} ${object(selection.id)}`;
    case "call":
      return `fn:${run.functionOf(selection.seq)?.name ?? ""}`;
    case "function":
      return `fn:${selection.name}`;
    default:
      return `type:${selection.name}`;
  }
}
