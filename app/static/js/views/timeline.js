/**
 * View "timeline": phases, the depth of calls, milestones, search hits and the present place, over the whole run.
 *
 * The scale is not even: the width of each stretch of a phase grows much slower than its events, so that the short phases
 * that matter are not crushed by the long ones.
 * @module
 */

import { svg } from "../../vendor/lit-html/lit-html.js";
import { ENTER, EXIT } from "../core/columns.js";
import { label, textWidth } from "./kit.js";

/** @typedef {import("./view.js").Frame} Frame */
/** @typedef {import("./view.js").Drawing} Drawing */
/** @typedef {import("../core/run.js").Run} Run */

const [TOP, BAND, DEPTHS, MARKS] = [6, 22, 26, 14];
const HEIGHT = TOP + BAND + 4 + DEPTHS + MARKS;
/** Least width of a stretch that begins a phase, and of one that goes on after an inner phase. */
const [LEAST, LEAST_RESUMED] = [37, 4];
/** 1: as wide as its events; 0: all the same. */
const EVENNESS = 0.4;
/** Space at both ends. */
export const INSET = 8;

/** @type {import("./view.js").View} */
export const timeline = { id: "timeline", draw };

/**
 * @typedef {object} Scale
 * @property {number[]} starts first event of each stretch
 * @property {number[]} xs where it begins
 * @property {number} end number of events
 * @property {number} width
 */

/** @type {WeakMap<Run, {key: string, scale: Scale, silhouette: string, marks: number[], diamonds: string[]}>} */
const kept = new WeakMap();

/**
 * What a stretch is called: a command by itself.
 * @param {import("../core/story.js").Segment} segment
 * @param {import("../core/i18n.js").Messages} messages
 */
export function phaseName({ phase, text }, messages) {
  return text ?? messages.t(`phase-${phase}`);
}

/**
 * What a command is, without what it is done to.
 * @param {string} text
 */
function firstWords(text) {
  return /"execute"\s*:\s*"([^"]+)"/.exec(text)?.[1] ?? /^\s*((?:info|host)\s+)?\S*/.exec(text)?.[0].trim() ?? "";
}

/**
 * The scale of a run at a width.
 * @param {Run} run
 * @param {number} width
 */
export function scaleOf(run, width) {
  return prepared(run, width).scale;
}

/**
 * @param {Run} run
 * @param {number} width
 */
function prepared(run, width) {
  const key = `${run.length} ${width}`;
  const held = kept.get(run);
  if (held?.key === key) return held;
  const scale = makeScale(run, width);
  const { milestones } = run.story;
  const marks = thin(milestones.data.subarray(0, milestones.length), scale);
  const diamonds = marks.map((seq) => `M${xOf(scale, seq + 1).toFixed(1)} ${TOP + BAND + 4 + DEPTHS + 3}l2.5 3.5l-2.5 3.5l-2.5 -3.5z`);
  const made = { key, scale, silhouette: silhouette(run, scale), marks, diamonds };
  kept.set(run, made);
  return made;
}

/**
 * @param {Run} run
 * @param {number} width
 * @returns {Scale}
 */
function makeScale(run, width) {
  const { segments } = run.story;
  const starts = segments.map((segment) => segment.start);
  const resumed = segments.map((segment) => segment.resumed);
  const named = segments.map(({ text, resumed: goesOn }) => (text && !goesOn ? textWidth(firstWords(text), 11, false) + 12 : 0));
  const wanted = named.map((own, i) => (own || resumed[i] ? own || LEAST_RESUMED : LEAST));
  if (starts[0] !== 0) {
    starts.unshift(0);
    resumed.unshift(true);
    wanted.unshift(LEAST_RESUMED);
    named.unshift(0);
  }
  // Commands keep their names as long as they can; the others give way.
  const fixed = sum(named);
  const firm = Math.min(1, (width * 0.4) / (fixed || 1));
  const tight = Math.min(1, (width * 0.7 - firm * fixed) / (sum(wanted) - fixed || 1));
  const least = wanted.map((own, i) => own * (named[i] ? firm : tight));
  const weights = starts.map((start, i) => ((starts[i + 1] ?? run.length) - start) ** EVENNESS * (resumed[i] ? 0.5 : 1));
  const free = (width - sum(least)) / (sum(weights) || 1);
  const xs = [];
  let x = 0;
  for (const [i, weight] of weights.entries()) {
    xs.push(x);
    x += least[i] + free * weight;
  }
  return { starts, xs, end: run.length, width };
}

/** @param {number[]} numbers */
function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}

/**
 * Where place `n` lies.
 * @param {Scale} scale
 * @param {number} n
 */
export function xOf({ starts, xs, end, width }, n) {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle] < n) low = middle;
    else high = middle - 1;
  }
  const [start, x] = [starts[low], xs[low]];
  const [stop, right] = [starts[low + 1] ?? end, xs[low + 1] ?? width];
  return stop > start ? x + ((n - start) / (stop - start)) * (right - x) : x;
}

/**
 * The place at `x`.
 * @param {Scale} scale
 * @param {number} x
 */
export function placeAt({ starts, xs, end, width }, x) {
  let i = xs.length - 1;
  while (i > 0 && xs[i] > x) i--;
  const [stop, right] = [starts[i + 1] ?? end, xs[i + 1] ?? width];
  const part = right > xs[i] ? (x - xs[i]) / (right - xs[i]) : 0;
  return Math.max(0, Math.min(end, Math.round(starts[i] + part * (stop - starts[i]))));
}

/**
 * The depth of calls over the run, as path data.
 * @param {Run} run
 * @param {Scale} scale
 */
function silhouette(run, scale) {
  const columns = Math.max(1, Math.floor(scale.width / 2));
  const depths = new Uint16Array(columns);
  const { kind } = run.columns;
  let depth = 0;
  let deepest = 1;
  let stretch = 0;
  for (let seq = 0; seq < run.length; seq++) {
    if (kind.data[seq] === ENTER) depth++;
    else if (kind.data[seq] === EXIT) depth--;
    while (stretch + 1 < scale.starts.length && scale.starts[stretch + 1] <= seq) stretch++;
    const start = scale.starts[stretch];
    const stop = scale.starts[stretch + 1] ?? scale.end;
    const left = scale.xs[stretch];
    const right = scale.xs[stretch + 1] ?? scale.width;
    const column = Math.min(columns - 1, Math.floor((left + ((seq - start) / (stop - start)) * (right - left)) / 2));
    if (depth > depths[column]) depths[column] = depth;
    if (depth > deepest) deepest = depth;
  }
  let path = `M0 ${DEPTHS}`;
  for (let column = 0; column < columns; column++) {
    const y = (DEPTHS * (1 - depths[column] / deepest)).toFixed(1);
    path += `L${column * 2} ${y}L${column * 2 + 2} ${y}`;
  }
  return `${path}L${columns * 2} ${DEPTHS}Z`;
}

/**
 * @param {Frame} frame
 * @returns {Drawing}
 */
function draw({ run, at, messages, box, hits }) {
  const { scale, silhouette: depths, marks, diamonds } = prepared(run, box.width - 2 * INSET);
  const { segments } = run.story;
  const now = run.story.segmentAt(at - 1);
  const x = xOf(scale, at);

  const bands = segments.map((segment, i) => {
    const left = xOf(scale, segment.start);
    const right = xOf(scale, segment.end);
    const state = i === now ? "now" : segment.start < at ? "past" : "ahead";
    const text = phaseName(segment, messages);
    const short = segment.text ? firstWords(segment.text) : messages.t(`short-${segment.phase}`);
    const fits = (/** @type {string} */ each, size = 11) => textWidth(each, size, false) + 5 <= right - left;
    const shown = [text, short].find((each) => fits(each)) ?? (fits(short, 9.5) ? short : "");
    return svg`<g class="phase ${state}" data-go=${segment.start + 1}>
      <rect x=${left + 0.5} y=${TOP} width=${Math.max(1, right - left - 1)} height=${BAND} rx="2"><title>${text}</title></rect>
      ${shown ? label((left + right) / 2, TOP + 15, shown, { cls: "phase-name", size: fits(shown) ? 11 : 9.5, anchor: "middle" }) : ""}
    </g>`;
  });
  // Marks are one path each, not one element each: there are hundreds, and they are drawn at every step.
  const past = marks.findLastIndex((seq) => seq < at) + 1;
  const ticks = svg`<path d=${diamonds.slice(past).join("")} class="milestone"></path>
    <path d=${diamonds.slice(0, past).join("")} class="milestone past"></path>`;
  const flags = thin(hits, scale).map((seq) => `M${xOf(scale, seq + 1).toFixed(1)} ${TOP + BAND + 2}l3 -6h-6z`);
  const found = flags.length ? svg`<path d=${flags.join("")} class="hit"></path>` : "";
  return {
    width: box.width,
    height: HEIGHT,
    label: messages.t("timeline-label", { at, total: run.length, phase: segments[now] ? phaseName(segments[now], messages) : "" }),
    svg: svg`<g transform="translate(${INSET} 0)">
      ${bands}
      <path d=${depths} transform="translate(0 ${TOP + BAND + 4})" class="depths"></path>
      <rect x="0" y=${TOP + BAND + 4} width=${x} height=${DEPTHS} class="done"></rect>
      ${ticks}${found}
      <path d="M${x.toFixed(1)} 0v${HEIGHT}" class="playhead"></path>
      <path d="M${x.toFixed(1)} 7l-5.5 -7h11z" class="playhead-top"></path>
    </g>`,
    table: () => ({
      caption: messages.t("view-timeline"),
      head: [messages.t("head-phase"), messages.t("head-first-event"), messages.t("head-events")],
      rows: segments.map((segment, i) => ({
        cells: [
          { text: phaseName(segment, messages) + (segment.resumed ? ` ${messages.t("phase-resumed")}` : ""), changed: i === now },
          String(segment.start),
          String(segment.end - segment.start),
        ],
      })),
    }),
  };
}

/**
 * At most one mark a pixel.
 * @param {Int32Array} seqs
 * @param {Scale} scale
 */
function thin(seqs, scale) {
  let last = -9;
  const kept = [];
  for (const seq of seqs) {
    const x = xOf(scale, seq + 1);
    if (x - last < 2) continue;
    last = x;
    kept.push(seq);
  }
  return kept;
}
