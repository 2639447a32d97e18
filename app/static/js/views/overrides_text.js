/**
 * The view "overrides" without a picture: a table, an indented tree of the calls, Mermaid.
 * @module
 */

import { progress } from "./overrides_order.js";

/** @typedef {import("./view.js").Frame} Frame */
/** @typedef {import("./view.js").Table} Table */
/** @typedef {import("./view.js").Row} Row */
/** @typedef {import("./overrides_story.js").Story} Story */
/** @typedef {import("./overrides_chain.js").Chain} Chain */
/** @typedef {import("./slots.js").SlotState} SlotState */

/**
 * @param {Frame} frame
 * @param {Story} story
 * @returns {Table}
 */
export function overridesTable(frame, story) {
  const { messages } = frame;
  /** @type {Row[]} */
  const rows = [];
  for (const chain of story.chains) {
    rows.push({ level: 1, cells: [messages.t(`ov-chain-${chain.part}`, { type: chain.type }), "", "", "", "", ""] });
    for (const row of chain.rows) {
      for (const state of row.slots) {
        if (state.has !== "here") continue;
        const { slot, name, write, changed } = state;
        rows.push({
          level: 2,
          cells: [
            { text: row.type, select: `type:${row.type}` },
            { text: slot.key, select: `field:${row.id}:${slot.key}` },
            { text: name ?? "NULL", changed, ...(name ? { select: `function:${name}` } : {}) },
            write ? (write.old ?? "NULL") : "",
            write ? { text: write.by, select: `call:${write.byCall}` } : name ? messages.t("ov-copied") : "",
            write ? String(write.seq) : "",
          ],
        });
      }
    }
    for (const stop of chain.part === "other" || !story.steps.length ? chain.stops : []) {
      rows.push({ level: 2, cells: [messages.t("ov-would", { number: stop.number }), stop.slot, stop.name, "", "", ""] });
    }
  }
  if (story.steps.length) rows.push({ level: 1, cells: [messages.t("ov-order"), "", "", "", "", ""] });
  for (const [i, step] of story.steps.entries()) {
    rows.push({
      level: 2 + step.depth,
      cells: [
        `${i + 1}`,
        step.slot ? { text: step.slot, select: `field:${step.owner}:${step.slot}` } : "",
        { text: step.name, select: `call:${step.enter}`, changed: frame.changes.from <= step.enter && step.enter < frame.at },
        "",
        step.via.join(" → "),
        messages.t(`ov-${progress(step, frame.at)}`),
      ],
    });
  }
  return {
    caption: messages.t("view-overrides"),
    head: ["head-class", "ov-head-slot", "ov-head-function", "ov-head-old", "ov-head-by", "ov-head-event"].map((id) => messages.t(id)),
    rows,
  };
}

/**
 * @param {Frame} frame
 * @param {Story} story
 * @returns {Record<string, () => string>}
 */
export function overridesTexts(frame, story) {
  return { tree: () => callTree(frame, story), mermaid: () => mermaid(frame, story) };
}

/**
 * The order of calls, indented: each function with the slot that it is called through.
 * @param {Frame} frame
 * @param {Story} story
 */
function callTree({ at }, story) {
  const lines = story.steps
    .filter((step) => progress(step, at) !== "ahead")
    .map((step) => `${"  ".repeat(step.depth)}${step.name}${step.slot ? `  (${step.slot})` : ""}`);
  for (const chain of story.chains) {
    if (chain.part !== "other" || !chain.stops.length) continue;
    lines.push("", `${chain.type}:`, ...chain.stops.map((stop, i) => `${"  ".repeat(i)}${stop.name}${stop.slot ? `  (${stop.slot})` : ""}`));
  }
  return `${lines.join("\n")}\n`;
}

/**
 * A flow chart: a box for each class with what stands in its slots, copies dotted, kept values thick, and the numbered way.
 * @param {Frame} frame
 * @param {Story} story
 */
function mermaid({ at }, story) {
  const lines = ["flowchart TB"];
  for (const [c, chain] of story.chains.entries()) {
    const here = chain.rows.filter((row) => row.here);
    lines.push(`  subgraph chain${c}["${chain.type}"]`);
    for (const [i, row] of here.entries()) {
      lines.push(`    subgraph class${c}_${i}["${row.type}"]`, "      direction LR");
      for (const [s, state] of row.slots.entries()) {
        if (state.has === "here") lines.push(`      ${node(c, i, s)}["${state.slot.key}<br/><b>${state.name ?? "NULL"}</b>"]`);
      }
      lines.push("    end");
    }
    lines.push("  end");
    for (const [i, row] of here.entries()) {
      for (const [s, state] of row.slots.entries()) {
        if (i === 0 || state.has !== "here") continue;
        const above = here[i - 1].slots[s];
        if (!state.write && state.name && above.has === "here") lines.push(`  ${node(c, i - 1, s)} -.-> ${node(c, i, s)}`);
        if (state.write) lines.push(`  ${node(c, i - 1, above.has === "here" ? s : 0)} -. "${state.write.by}" .-> ${node(c, i, s)}`);
      }
      for (const save of row.saves) {
        const from = row.slots.findIndex(({ slot }) => slot.key === save.from);
        const to = row.slots.findIndex(({ slot }) => slot.key === save.to);
        lines.push(`  ${node(c, i, from)} == "${save.by} keeps ${save.name}" ==> ${node(c, i, to)}`);
      }
    }
  }
  const stops = story.steps.filter((step) => progress(step, at) !== "ahead");
  const id = (/** @type {number} */ i) => `step${i + 1}`;
  for (const [i, step] of stops.entries()) lines.push(`  ${id(i)}(["${i + 1} ${step.name}"])`);
  for (const [i, step] of stops.entries()) {
    const outer = stops.findLastIndex((other, j) => j < i && other.depth < step.depth);
    if (outer !== -1) lines.push(`  ${id(outer)} -->${step.slot ? `|"${step.slot}"|` : ""} ${id(i)}`);
  }
  return `${lines.join("\n")}\n`;
}

/**
 * @param {number} chain
 * @param {number} row
 * @param {number} slot
 */
function node(chain, row, slot) {
  return `s${chain}_${row}_${slot}`;
}
