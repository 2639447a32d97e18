/**
 * The order in which slots are called, for the view "overrides": a numbered list, one call inside the other, growing as realize runs.
 * @module
 */

import { nothing, svg } from "../../vendor/lit-html/lit-html.js";
import { badge, line } from "./draw.js";
import { changed, picked, textWidth } from "./kit.js";

/** @typedef {import("./view.js").Frame} Frame */
/** @typedef {import("./path.js").Step} Step */
/** @typedef {import("./fx.js").Marks} Marks */

const LINE = 17;
const REST = 13;
const INDENT = 13;

/**
 * How far a step has come at a place.
 * @param {Step} step
 * @param {number} at
 * @returns {"ahead" | "open" | "done"}
 */
export function progress(step, at) {
  if (at <= step.enter) return "ahead";
  return step.exit === -1 || at <= step.exit ? "open" : "done";
}

/**
 * @param {Frame} frame
 * @param {readonly Step[]} steps
 */
export function measureOrder({ messages }, steps) {
  let y = 0;
  let width = 0;
  const tops = steps.map((step) => {
    const top = y;
    y += (step.via.length ? 3 : 2) * LINE + REST;
    const via = step.via.length ? textWidth(`${messages.t("ov-via")} `, 12, false) + textWidth(step.via[0], 12) : 0;
    width = Math.max(width, left(step) + 26 + Math.max(textWidth(step.name, 13), textWidth(step.slot, 12), via));
    return top;
  });
  return { width: Math.ceil(width) + 6, height: y, tops };
}

/** @param {Step} step */
function left(step) {
  return 12 + step.depth * INDENT + (step.slot ? 12 : -6);
}

/**
 * The list, with its left upper corner at (0, 0).
 * @param {Frame} frame
 * @param {readonly Step[]} steps
 * @param {Marks} marks
 */
export function drawOrder(frame, steps, marks) {
  const { at, changes, messages, run, selection } = frame;
  const { tops, width, height } = measureOrder(frame, steps);
  const current = steps.findLastIndex((step) => progress(step, at) === "open");
  return svg`${steps.map((step, i) => {
    const how = progress(step, at);
    const x = 12 + step.depth * INDENT;
    const y = tops[i];
    const own = (tops[i + 1] ?? height) - y;
    const text = left(step) + 26;
    const entered = changes.from <= step.enter && step.enter < at;
    const on = selection?.kind === "call" && selection.seq === step.enter;
    const tone = how === "ahead" ? "ink3" : i === current ? "b" : "";
    return svg`${entered ? changed(x - 13, y, width - x + 13, own - 6) : nothing}
      ${on ? picked(x - 13, y, width - x + 13, own - 6) : nothing}
      ${guide(steps, tops, i, x)}
      ${badge(x, y + 15, i + 1, how, `call:${step.enter}`)}
      ${step.slot ? marks.draw(x + 24, y + 14, step.name, how === "ahead") : nothing}
      ${line(text, y + 19, [
        { text: step.name, cls: `m ${tone}`, size: 13, select: `call:${step.enter}` },
        step.failed && how === "done" ? { text: `  ${messages.t("ov-failed")}`, cls: "err" } : null,
      ])}
      ${line(text, y + 19 + LINE, [
        step.slot
          ? { text: step.slot, cls: `m ${how === "ahead" ? "ink3" : "ink2"}`, select: `field:${step.owner}:${step.slot}` }
          : { text: run.names.label(step.object), cls: how === "ahead" ? "ink3" : "obj", select: `object:${step.object}` },
      ])}
      ${step.via.length
        ? line(text, y + 19 + 2 * LINE, [
            { text: `${messages.t("ov-via")} `, cls: "ink3" },
            { text: step.via[0], cls: `m ${how === "ahead" ? "ink3" : "ink2"}`, select: `function:${step.via[0]}` },
          ])
        : nothing}`;
  })}`;
}

/**
 * The line from the step around a step down to it.
 * @param {readonly Step[]} steps
 * @param {readonly number[]} tops
 * @param {number} i
 * @param {number} x
 */
function guide(steps, tops, i, x) {
  if (steps[i].depth === 0) return nothing;
  let outer = i - 1;
  while (outer >= 0 && steps[outer].depth >= steps[i].depth) outer--;
  return svg`<path d="M${x - INDENT} ${tops[outer] + 26}V${tops[i] + 11}q0 4 3 4" class="guide-path"></path>`;
}
