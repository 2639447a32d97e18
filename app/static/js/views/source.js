/**
 * View "source": the emulated Python of the function that runs, with the present line.
 * @module
 */

import { svg } from "../../vendor/lit-html/lit-html.js";
import { ENTER, EXIT } from "../core/columns.js";
import { highlight } from "../core/python.js";
import { label } from "./kit.js";

/** @typedef {import("./view.js").Frame} Frame */
/** @typedef {import("./view.js").Drawing} Drawing */
/** @typedef {import("../core/run.js").Run} Run */

const [ROW, SIZE, GUTTER] = [18, 12, 44];
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
function draw({ run, at, messages, box, source: text }) {
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
  const first = Math.max(1, Math.floor(box.top / ROW) - 1);
  const last = Math.min(lines.length, first + Math.ceil(box.height / ROW) + 3);
  const rows = [];
  for (let number = first; number <= last; number++) {
    const y = 4 + (number - 1) * ROW;
    const inside = number >= from && number <= to;
    let x = GUTTER;
    rows.push(svg`<g class="line ${inside ? "inside" : ""}">
      ${number === now ? svg`<rect x="0" y=${y} width=${box.width} height=${ROW} class="current-line"></rect>
        <path d="M2 ${y + 4}l7 5l-7 5z" class="current-mark"></path>` : ""}
      ${label(GUTTER - 12, y + 13, String(number), { cls: "m ink3 num", size: 10.5, anchor: "end" })}
      <text x=${GUTTER} y=${y + 13} class="t m code" font-size=${SIZE} xml:space="preserve">${lines[number - 1].map((token) => {
        const start = x;
        x += [...token.text].reduce((sum, char) => sum + (char >= "\u2e80" ? SIZE : ADVANCE), 0);
        return svg`<tspan x=${start} class=${token.kind ? `py-${token.kind}` : ""}>${token.text}</tspan>`;
      })}</text>
    </g>`);
  }
  const widest = Math.max(...lines.slice(from - 1, to).map((tokens) => tokens.reduce((sum, token) => sum + token.text.length, 0)));
  const width = Math.max(box.width, GUTTER + widest * ADVANCE + 16);
  return {
    width,
    height: lines.length * ROW + 8,
    follow: 4 + (now - 0.5) * ROW,
    label: messages.t("source-label", { module, line: now, fn: info.name }),
    svg: svg`<rect x=${GUTTER - 7} y=${4 + (from - 1) * ROW} width="2" height=${(to - from + 1) * ROW} class="extent"></rect>${rows}`,
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
