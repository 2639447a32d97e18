/**
 * One sentence for each event, and an explanation where the function or the field has one.
 *
 * Sentences hold tokens (a selectable name within private-use characters), so that one text serves the page, where names are
 * links, the live region and exports, where they are words.
 * @module
 */

import { decodeConfig } from "../qemu/config_space.js";
import { ABSENT, decode, same, show } from "./values.js";

/** @typedef {import("./i18n.js").Messages} Messages */
/** @typedef {import("./run.js").Run} Run */
/** @typedef {import("./values.js").Value} Value */
/** @typedef {{text: string, select?: string, role?: "fn" | "obj" | "field" | "value" | "old"}} Piece */
/** @typedef {{pieces: Piece[], note: string}} Sentence */

const [OPEN, SPLIT, CLOSE] = ["\uE000", "\uE001", "\uE002"];

/**
 * A name that can be selected.
 * @param {string} text
 * @param {NonNullable<Piece["role"]>} role
 * @param {string} [select]
 */
function piece(text, role, select = "") {
  return `${OPEN}${role}${SPLIT}${select}${SPLIT}${text}${CLOSE}`;
}

/**
 * @param {string} text
 * @returns {Piece[]}
 */
function pieces(text) {
  /** @type {Piece[]} */
  const found = [];
  for (const part of text.split(/(\uE000[^\uE002]*\uE002)/)) {
    if (!part) continue;
    if (part[0] !== OPEN) {
      found.push({ text: part });
      continue;
    }
    const [role, select, name] = part.slice(1, -1).split(SPLIT);
    found.push({ text: name, role: /** @type {Piece["role"]} */ (role), ...(select ? { select } : {}) });
  }
  return found;
}

/**
 * The words of a sentence, without links.
 * @param {Sentence} sentence
 */
export function plain(sentence) {
  const text = sentence.pieces.map((part) => part.text).join("");
  return sentence.note ? `${text} ${sentence.note}` : text;
}

/**
 * What just happened at place `n`.
 * @param {Run} run
 * @param {number} n
 * @param {Messages} messages
 * @returns {Sentence}
 */
export function sentenceAt(run, n, messages) {
  if (n === 0) return { pieces: pieces(messages.t("event-none")), note: messages.t("event-none-note") };
  const seq = n - 1;
  const event = run.log.at(seq);
  const context = { run, seq, event, messages };
  const text = BY_KIND[/** @type {keyof typeof BY_KIND} */ (event[0])](context);
  return { pieces: pieces(text), note: n === run.length && run.ending ? endNote(run.ending, messages) : note(context) };
}

/**
 * @param {import("./run.js").Ending} ending
 * @param {Messages} messages
 */
function endNote({ exit }, messages) {
  return exit === 0 ? messages.t("event-end") : messages.t("event-end-failed", { status: exit });
}

/**
 * The explanation of a function, "" where there is none.
 * @param {Messages} messages
 * @param {string} name
 */
export function explainFunction(messages, name) {
  const id = `fn-${name}`;
  return messages.has(id) ? messages.t(id) : "";
}

/**
 * The explanation of a field ("DeviceClass.realize"), "" where there is none.
 * @param {Messages} messages
 * @param {string} field
 */
export function explainField(messages, field) {
  const id = `field-${field.replaceAll(".", "-")}`;
  return messages.has(id) ? messages.t(id) : "";
}

/**
 * What a command of the monitor or of the host does, "" where nothing is said of it.
 * @param {Messages} messages
 * @param {string} line
 */
export function explainCommand(messages, line) {
  const [first, second] = line.trim().split(/\s+/);
  const execute = /"execute"\s*:\s*"([^"]+)"/.exec(line)?.[1];
  const id = `do-${execute ?? (first === "host" ? `host-${second}` : first)}`;
  return messages.has(id) ? messages.t(id) : "";
}

/** @typedef {{run: Run, seq: number, event: any[], messages: Messages}} Context */

/** @param {Context} context */
function note({ run, event, messages }) {
  if (event[0] === "E") return explainFunction(messages, run.functionName(event[3]));
  if (event[0] === "S" || event[0] === "I" || event[0] === "R" || event[0] === "P") return explainField(messages, event[4]);
  if (event[0] === "M" && event[3] === "command") return explainCommand(messages, event[4]);
  if (event[0] === "N") {
    const id = `type-${event[4]}`;
    return messages.has(id) ? messages.t(id) : "";
  }
  return "";
}

/**
 * @param {Context} context
 * @param {Value} value
 * @param {"value" | "old"} [role]
 */
function shown({ run }, value, role = "value") {
  const select = typeof value === "object" && value !== null && "id" in value ? `object:${value.id}` : "";
  return piece(show(value, (id) => run.names.label(id)), role, select);
}

/** @param {Context} context */
function object({ run, event }) {
  return piece(run.names.label(event[3]), "obj", `object:${event[3]}`);
}

/** @param {Context} context */
function field({ event }) {
  return piece(event[4].replace(/_$/, ""), "field", `field:${event[3]}:${event[4]}`);
}

/**
 * @param {Run} run
 * @param {number} row
 */
function functionPiece(run, row) {
  return piece(run.functionName(run.calls.fn.data[row]), "fn", `call:${run.calls.enter.data[row]}`);
}

/**
 * The value that a field has before anything is written to it: the header says it, by struct.
 * @param {Run} run
 * @param {number} id
 * @param {string} field
 * @returns {Value}
 */
export function zeroOf(run, id, field) {
  const dot = field.indexOf(".");
  const struct = dot === -1 ? (run.names.get(id)?.struct ?? "") : field.slice(0, dot);
  const zero = run.header.structs[struct]?.fields[field];
  return zero === undefined ? ABSENT : decode(zero);
}

/**
 * The register of a configuration space that is written, in parentheses; "" where it has no name (yet).
 * @param {Context} context
 */
function registerName({ run, event }) {
  const config = event[4] === "PCIDevice.config" ? run.timeline.state.get(event[3])?.field(event[4]) : null;
  const register = config instanceof Uint8Array ? decodeConfig(config).registerAt(event[5]) : null;
  return register ? ` (${register.name})` : "";
}

/** @type {Record<"E" | "X" | "N" | "F" | "S" | "I" | "R" | "P" | "M", (context: Context) => string>} */
const BY_KIND = {
  E({ run, seq, messages }) {
    const row = run.calls.row(seq);
    const outer = run.calls.parent.data[row];
    const fn = functionPiece(run, row);
    if (outer === -1) return messages.t("event-enter-first", { fn });
    const args = { fn, caller: functionPiece(run, outer) };
    const first = run.calls.first.data[row];
    if (first === 0) return messages.t("event-enter", args);
    if (first < 0) return messages.t("event-enter-with", { ...args, value: piece(JSON.stringify(run.argumentOf(row)), "value") });
    return messages.t("event-enter-on", { ...args, obj: piece(run.names.label(first), "obj", `object:${first}`) });
  },
  X(context) {
    const { run, event, messages } = context;
    const fn = functionPiece(run, run.calls.row(event[1]));
    if (event[4] !== null) return messages.t("event-fail", { fn, error: piece(event[4], "value") });
    if (event[3] === null) return messages.t("event-exit", { fn });
    return messages.t("event-return", { fn, value: shown(context, decode(event[3])) });
  },
  N(context) {
    const { event, messages } = context;
    const args = { type: piece(event[4], "obj", `object:${event[3]}`), structs: event[5].join(" + "), count: event[5].length };
    if (event[5][0] === "ObjectClass") return messages.t("event-new-class", args);
    return messages.t(event[5][0] === "Object" ? "event-new-object" : "event-new-struct", args);
  },
  F(context) {
    return context.messages.t("event-free", { obj: object(context) });
  },
  S(context) {
    const { run, event, messages } = context;
    const value = decode(event[6]);
    let old = decode(event[5]);
    const first = old === ABSENT;
    if (first) old = zeroOf(run, event[3], event[4]);
    const args = { obj: object(context), field: field(context), old: shown(context, old, "old"), value: shown(context, value) };
    if (same(old, value)) return messages.t("event-set-same", args);
    return messages.t(old === ABSENT || (first && old === null) ? "event-set-first" : "event-set", args);
  },
  I(context) {
    const { event, messages } = context;
    const args = { obj: object(context), field: field(context), at: event[5], value: shown(context, decode(event[6])) };
    return messages.t(typeof event[5] === "number" ? "event-insert" : "event-insert-key", args);
  },
  R(context) {
    const { event, messages } = context;
    const args = { obj: object(context), field: field(context), at: event[5], old: shown(context, decode(event[6]), "old") };
    return messages.t("event-remove", args);
  },
  P(context) {
    const { event, messages } = context;
    const value = decode(event[7]);
    const args = {
      obj: object(context),
      field: field(context),
      at: event[5],
      old: shown(context, decode(event[6]), "old"),
      value: shown(context, value),
    };
    if (!(value instanceof Uint8Array)) return messages.t("event-poke", args);
    const where = `0x${event[5].toString(16).padStart(2, "0")}${registerName(context)}`;
    const at = piece(where, "field", `byte:${event[3]}:${event[4]}:${event[5]}:${value.length}`);
    return messages.t("event-poke-bytes", { ...args, at, count: value.length });
  },
  M({ event, messages }) {
    const [first, ...rest] = event[4].trimEnd().split("\n");
    const id = { command: "event-command", monitor: "event-answer" }[/** @type {string} */ (event[3])] ?? "event-message";
    return messages.t(id, { text: piece(rest.length ? `${first} …` : first, "value"), stream: event[3] });
  },
};
