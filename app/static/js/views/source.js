/**
 * View "source": the emulated Python of the function that runs, with the present line.
 * @module
 */

import { svg } from "../../vendor/lit-html/lit-html.js";
import { ENTER, EXIT } from "../core/columns.js";
import { highlight } from "../core/python.js";
import { label } from "./kit.js";
import { listSvg } from "./listing.js";
import { topFor } from "./view.js";

/** @typedef {import("./view.js").Frame} Frame */
/** @typedef {import("./view.js").Drawing} Drawing */
/** @typedef {import("../core/run.js").Run} Run */

const [ROW, SIZE, GUTTER] = [18, 12, 52];
const ADVANCE = SIZE * 0.6;

/** @type {import("./view.js").View} */
export const source = { id: "source", draw };

/** @type {Map<string, {text: string, lines: import("../core/python.js").Token[][]}>} */
const coloured = new Map();

/**
 * The function whose source is shown at place `n`, and the line: of a call just entered, its head; of a call just left, the
 * line of the caller that made it.
 * @param {Run} run
 * @param {number} n
 */
export function lineAt({ columns, calls, header }, n) {
  const seq = n - 1;
  if (seq < 0) return null;
  const kind = columns.kind.data[seq];
  let row = calls.row(kind === ENTER ? seq : columns.call.data[seq]);
  let at = columns.line.data[seq];
  const outermost = row === -1 || calls.parent.data[row] === -1;
  if (kind === EXIT && !outermost) {
    at = columns.line.data[calls.enter.data[row]];
    row = calls.parent.data[row];
  }
  if (row === -1) return null;
  const info = header.functions[calls.fn.data[row]];
  return { info, line: at, entered: kind === ENTER || (kind === EXIT && outermost) };
}

/**
 * @param {Frame} frame
 * @returns {Drawing}
 */
function draw(frame) {
  const { run, at, messages, box, source: text } = frame;
  const present = lineAt(run, at);
  const module = present?.info.module ?? "";
  const code = module ? text(module) : "";
  if (!present || !code) {
    const message = messages.t(!present ? "source-none" : code === null ? "source-loading" : "source-missing", { module });
    return {
      width: box.width,
      height: 48,
      label: message,
      svg: label(16, 28, message, { cls: "ink3", width: box.width - 32 }),
      table: () => ({ caption: messages.t("view-source"), head: [], rows: [] }),
    };
  }
  const lines = linesOf(module, code);
  const { info } = present;
  const [from, to] = info.py;
  const now = present.entered ? headOf(lines, from) : present.line;
  const follow = 4 + (now - 0.5) * ROW;
  const height = lines.length * ROW + 8;
  const first = Math.max(1, Math.floor(topFor(frame, follow, height) / ROW) - 1);
  const last = Math.min(lines.length, first + Math.ceil(box.height / ROW) + 3);
  const widest = Math.max(...lines.slice(from - 1, to).map((tokens) => tokens.reduce((sum, token) => sum + token.text.length, 0)));
  const width = Math.max(box.width, GUTTER + widest * ADVANCE + 16);
  const seen = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
  const top = (/** @type {number} */ number) => 4 + (number - 1) * ROW;
  const list = {
    name: "source",
    rows: seen.map((number) => ({
      key: `${module}:${number}`,
      y: top(number),
      cls: number >= from && number <= to ? "code inside" : "code",
      lines: [[{ x: GUTTER - 6 * ADVANCE, text: `${String(number).padStart(4)}  `, cls: "ink3" }, ...lines[number - 1].map(({ text, kind }) => ({ text, cls: kind && `py-${kind}` }))]],
    })),
    line: ROW,
    base: 13,
    under: svg`<rect x=${GUTTER - 7} y=${top(from)} width="2" height=${(to - from + 1) * ROW} class="extent"></rect>
      <rect y=${top(now)} width=${width} height=${ROW} class="current-line"></rect><path d="M2 ${top(now) + 4}l7 5l-7 5z" class="current-mark"></path>`,
  };
  return {
    width,
    height,
    follow,
    label: messages.t("source-label", { module, line: now, fn: info.name }),
    list,
    get svg() {
      return listSvg(list);
    },
    table: () => ({
      caption: `${module}:${now}`,
      head: [messages.t("head-line"), messages.t("head-source")],
      rows: code
        .split("\n")
        .slice(from - 1, to)
        .map((row, i) => ({ cells: [{ text: String(from + i), changed: from + i === now }, row] })),
    }),
    texts: {
      python: () =>
        code
          .split("\n")
          .slice(from - 1, to)
          .concat("")
          .join("\n"),
    },
  };
}

/**
 * The line with "def" of a function whose first line (a decorator, mostly) is `from`.
 * @param {import("../core/python.js").Token[][]} lines
 * @param {number} from
 */
function headOf(lines, from) {
  for (let line = from; line < from + 6 && line <= lines.length; line++) if (lines[line - 1].some(({ text }) => text.startsWith("def"))) return line;
  return from;
}

/**
 * @param {string} module
 * @param {string} text
 */
function linesOf(module, text) {
  let held = coloured.get(module);
  if (held?.text !== text) coloured.set(module, (held = { text, lines: highlight(text) }));
  return /** @type {{lines: import("../core/python.js").Token[][]}} */ (held).lines;
}
