/**
 * Stable names of events for links: kind, phase, function and what it happened to, with an ordinal; never a place in the log.
 *
 *   E.realize.virtio_pci_realize.0        the first time virtio_pci_realize is entered in phase "realize"
 *   S.classes.virtio_pci_class_init.DeviceClass-realize.0
 * @module
 */

import { ENTER, EXIT, KINDS, MESSAGE, NEW } from "./columns.js";

/** @typedef {import("./run.js").Run} Run */

/**
 * What an event is, ordinal apart.
 * @param {Run} run
 * @param {number} seq
 */
function stem(run, seq) {
  const kind = run.columns.kind.data[seq];
  const phase = run.story.segments[run.story.segmentAt(seq)]?.phase ?? "";
  const parts = [KINDS[kind], phase, run.functionOf(seq)?.name ?? ""];
  const field = run.columns.field.data[seq];
  if (kind === NEW) parts.push(run.columns.types.list[field]);
  else if (kind !== ENTER && kind !== EXIT && kind !== MESSAGE && kind !== 3) parts.push(run.columns.fields.list[field].replace(".", "-"));
  return parts;
}

/**
 * The key of place `n`: of the last event before it. "" for the beginning.
 * @param {Run} run
 * @param {number} n
 */
export function keyAt(run, n) {
  if (n <= 0) return "";
  const seq = n - 1;
  const parts = stem(run, seq);
  const test = alike(run, seq);
  let ordinal = 0;
  for (let earlier = 0; earlier < seq; earlier++) if (test(earlier)) ordinal++;
  return [...parts, ordinal].map((part) => encodeURIComponent(String(part)).replaceAll(".", "%2E")).join(".");
}

/**
 * A test for events of the same stem as event `seq`.
 * @param {Run} run
 * @param {number} seq
 */
function alike(run, seq) {
  const { kind, field, subject } = run.columns;
  const [is, what] = [kind.data[seq], field.data[seq]];
  const phase = run.story.segments[run.story.segmentAt(seq)]?.phase;
  const row = run.callOf(seq);
  const fn = row === -1 ? -1 : run.calls.fn.data[row];
  return (/** @type {number} */ other) => {
    if (kind.data[other] !== is) return false;
    if (is === ENTER) {
      if (subject.data[other] !== fn) return false;
    } else {
      if (is !== EXIT && is !== MESSAGE && field.data[other] !== what) return false;
      const around = run.callOf(other);
      if ((around === -1 ? -1 : run.calls.fn.data[around]) !== fn) return false;
    }
    return run.story.segments[run.story.segmentAt(other)]?.phase === phase;
  };
}

/**
 * The place of a key. Where the run has no such event, the nearest that it has (fewer of the same kind, the same function
 * anywhere), and `exact` is false; -1 where it has nothing alike.
 * @param {Run} run
 * @param {string} key
 * @returns {{at: number, exact: boolean}}
 */
export function placeOf(run, key) {
  if (key === "") return { at: 0, exact: true };
  const parts = key.split(".").map(decodeURIComponent);
  const [letter, phase, name] = parts;
  const what = parts.length > 4 ? parts[3] : "";
  let ordinal = Number(parts.at(-1));
  const kind = KINDS.indexOf(letter);
  let last = -1;
  let fallback = -1;
  for (let seq = 0; seq < run.length; seq++) {
    if (run.columns.kind.data[seq] !== kind && fallback !== -1) continue;
    if ((run.functionOf(seq)?.name ?? "") !== name) continue;
    if (fallback === -1) fallback = seq;
    if (run.columns.kind.data[seq] !== kind) continue;
    const own = stem(run, seq);
    if (own[1] !== phase || (own[3] ?? "") !== what) continue;
    last = seq;
    if (ordinal-- === 0) return { at: seq + 1, exact: true };
  }
  const near = last !== -1 ? last : fallback;
  return { at: near === -1 ? -1 : near + 1, exact: false };
}
