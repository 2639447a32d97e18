/**
 * Phases and milestones of a run, found in the events by the rules of data/story.json, as chunks arrive.
 *
 * A phase begins where one of its functions is entered and lasts until that call is left; phases nest, and the timeline shows
 * the innermost. A command on the ready machine is a phase too, until the next one. A milestone is one event.
 * @module
 */

import { glob } from "./glob.js";
import { Growable } from "./growable.js";

/** @typedef {import("./fold.js").Raw} Raw */

/**
 * @typedef {object} PhaseRule
 * @property {string} id
 * @property {string[]} enter functions that begin it
 * @property {string} [within] only inside a call of this function
 * @property {string} [outside] never inside a call of this function
 * @property {string[]} [arg] first argument: a string, or the name or type of an object
 * @property {boolean} [alone] it ends whatever went on before
 * @property {boolean} [stays] it does not end with the call: it takes the place of the phase around it
 */
/**
 * @typedef {object} MilestoneRule
 * @property {"enter" | "exit" | "new" | "set" | "insert" | "remove" | "poke" | "error" | "message"} on
 * @property {string[]} [fn] functions entered or left; for what happens to objects, the function it happens in
 * @property {string[]} [except] functions that do not count
 * @property {string[]} [field]
 * @property {string[]} [type] type of the object it happens to
 * @property {string[]} [at] key of a mapping
 * @property {string[]} [arg] first argument of an entered function
 * @property {string} [within]
 * @property {string} [outside]
 * @property {boolean} [once] only the first time
 * @property {boolean} [true] only where the value becomes true
 */
/** @typedef {{format: number, phases: PhaseRule[], milestones: MilestoneRule[]}} StoryData */
/**
 * A stretch of one phase.
 * @typedef {object} Segment
 * @property {string} phase
 * @property {number} start first event
 * @property {number} end one past the last event (so far)
 * @property {boolean} resumed it goes on after an inner phase
 * @property {string} [text] the command, in the phase of one
 */

/** The phase of a command. */
const COMMAND = "command";

/** @type {Record<string, MilestoneRule["on"]>} */
const ON = { E: "enter", X: "exit", N: "new", S: "set", I: "insert", R: "remove", P: "poke", M: "message" };

export class Story {
  /** @type {Map<string, {rule: MilestoneRule, number: number, tests: Tests}[]>} */ #rules = new Map();
  /** @type {Map<string, {rule: PhaseRule, tests: Tests}[]>} */ #phases = new Map();
  /** Names of the open calls' functions, and how often each is open. @type {string[]} */ #stack = [];
  /** @type {Map<string, number>} */ #depth = new Map();
  /** @type {{phase: string, depth: number}[]} */ #open = [];
  /** @type {Set<number>} */ #done = new Set();
  /** An inner phase ended; the outer one goes on as soon as something happens in it. */
  #resume = false;
  /** The command that is being done. */
  #command = "";

  /**
   * @param {StoryData} data
   * @param {import("./log.js").FunctionInfo[]} functions
   * @param {import("./names.js").ObjectNames} names
   */
  constructor(data, functions, names) {
    this.data = data;
    this.functions = functions;
    this.names = names;
    /** @type {Segment[]} */
    this.segments = [];
    /** The milestones' events, ascending. */
    this.milestones = new Growable(Int32Array, 256);
    for (const rule of data.phases) {
      for (const name of rule.enter) add(this.#phases, name, { rule, tests: tests(rule) });
    }
    for (const [number, rule] of data.milestones.entries()) {
      const entry = { rule, number, tests: tests(rule) };
      // The cheapest exact thing to look a rule up by: the function, or the kind of event alone.
      const byFunction = rule.fn && !rule.fn.some((name) => name.includes("*"));
      if (byFunction) for (const name of rule.fn ?? []) add(this.#rules, `${rule.on} ${name}`, entry);
      else add(this.#rules, rule.on, entry);
    }
  }

  /**
   * @param {number} seq
   * @param {Raw} event
   */
  push(seq, event) {
    const kind = event[0];
    if (kind === "E") this.#enter(seq, event);
    else if (kind === "M" && event[3] === "command") this.#order(seq, event[4]);
    else if (kind !== "X" && this.#resume) this.#resumeAt(seq);
    const inner = this.#stack.at(-1) ?? "";
    const on = ON[kind];
    if (on) {
      this.#milestone(seq, on, inner, event);
      if (kind === "X" && event[4] !== null && this.#firstFailure(seq, event)) this.#milestone(seq, "error", inner, event);
    }
    if (kind === "X") this.#exit(seq);
    const last = this.segments.at(-1);
    if (last) last.end = seq + 1;
  }

  /**
   * A command begins, and whatever went on before has ended.
   * @param {number} seq
   * @param {string} text
   */
  #order(seq, text) {
    this.#command = text;
    this.#open = [{ phase: COMMAND, depth: -1 }];
    this.#resume = false;
    this.#begin(COMMAND, seq, false);
  }

  /** The call and event of the last failing exit: an error counts as a milestone where it arises, not at every call it passes. */
  #failed = "";

  /**
   * @param {number} seq
   * @param {Raw} event
   */
  #firstFailure(seq, event) {
    const known = this.#failed === event[4];
    this.#failed = event[4];
    return !known;
  }

  /**
   * @param {number} seq
   * @param {Raw} event
   */
  #enter(seq, event) {
    const name = this.functions[event[3]]?.name ?? "";
    const phase = this.#phases.get(name)?.find(({ rule, tests }) => this.#inside(rule) && this.#argument(tests, event));
    if (phase?.rule.alone) this.#open = [];
    const around = this.#open.at(-1);
    if (phase && around?.phase !== phase.rule.id) {
      if (phase.rule.stays && around) around.phase = phase.rule.id;
      else this.#open.push({ phase: phase.rule.id, depth: this.#stack.length });
      this.#begin(phase.rule.id, seq, false);
      this.#resume = false;
    } else if (this.#resume) {
      this.#resumeAt(seq);
    }
    this.#stack.push(name);
    this.#depth.set(name, (this.#depth.get(name) ?? 0) + 1);
  }

  /** @param {number} seq */
  #exit(seq) {
    const name = this.#stack.pop();
    if (name === undefined) return;
    this.#depth.set(name, (this.#depth.get(name) ?? 1) - 1);
    if (this.#open.at(-1)?.depth === this.#stack.length) {
      this.#open.pop();
      this.#resume = true;
    }
  }

  /** @param {number} seq */
  #resumeAt(seq) {
    this.#resume = false;
    const phase = this.#open.at(-1)?.phase;
    if (phase) this.#begin(phase, seq, true);
  }

  /**
   * @param {string} phase
   * @param {number} start
   * @param {boolean} resumed
   */
  #begin(phase, start, resumed) {
    if (this.segments.at(-1)?.phase === phase && resumed) return;
    this.segments.push({ phase, start, end: start + 1, resumed, ...(phase === COMMAND ? { text: this.#command } : {}) });
  }

  /**
   * @param {number} seq
   * @param {MilestoneRule["on"]} on
   * @param {string} inner
   * @param {Raw} event
   */
  #milestone(seq, on, inner, event) {
    const exact = this.#rules.get(`${on} ${inner}`);
    if (exact?.some((entry) => this.#matches(entry, inner, event))) this.#mark(seq);
    else if (this.#rules.get(on)?.some((entry) => this.#matches(entry, inner, event))) this.#mark(seq);
  }

  /** @param {number} seq */
  #mark(seq) {
    if (this.milestones.length === 0 || this.milestones.at(this.milestones.length - 1) !== seq) this.milestones.push(seq);
  }

  /**
   * @param {{rule: MilestoneRule, number: number, tests: Tests}} entry
   * @param {string} inner
   * @param {Raw} event
   */
  #matches({ rule, number, tests }, inner, event) {
    if (rule.once && this.#done.has(number)) return false;
    if (!this.#inside(rule)) return false;
    if ((tests.fn && !tests.fn(inner)) || tests.except?.(inner)) return false;
    const kind = event[0];
    if (kind === "E" && !this.#argument(tests, event)) return false;
    if (kind !== "E" && kind !== "X" && kind !== "M") {
      const field = kind === "N" ? "" : event[4];
      if (tests.field && !tests.field(field)) return false;
      const type = kind === "N" ? event[4] : (this.names.get(event[3])?.type ?? "");
      if (tests.type && !tests.type(type)) return false;
      if (tests.at && !tests.at(String(event[5]))) return false;
      if (rule.true && event[6] !== true) return false;
    }
    this.#done.add(number);
    return true;
  }

  /** @param {{within?: string, outside?: string}} rule */
  #inside(rule) {
    return (!rule.within || Boolean(this.#depth.get(rule.within))) && !(rule.outside && this.#depth.get(rule.outside));
  }

  /**
   * @param {Tests} tests
   * @param {Raw} event
   */
  #argument(tests, event) {
    if (!tests.arg) return true;
    const first = event[4][0];
    if (typeof first === "string") return tests.arg(first);
    const named = first && first.r !== undefined ? this.names.get(first.r) : undefined;
    return named !== undefined && (tests.arg(named.type) || tests.arg(named.name));
  }

  /**
   * The number of the segment that event `seq` lies in, -1 before the first.
   * @param {number} seq
   */
  segmentAt(seq) {
    let low = -1;
    let high = this.segments.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.segments[middle].start <= seq) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** @typedef {Partial<Record<"fn" | "except" | "field" | "type" | "arg" | "at", (text: string) => boolean>>} Tests */

/**
 * @param {Partial<Record<"fn" | "except" | "field" | "type" | "arg" | "at", string[]>>} rule
 * @returns {Tests}
 */
function tests(rule) {
  /** @type {Tests} */
  const made = {};
  for (const part of /** @type {const} */ (["fn", "except", "field", "type", "arg", "at"])) {
    const patterns = rule[part]?.map(glob);
    if (patterns) made[part] = (text) => patterns.some((pattern) => pattern(text));
  }
  return made;
}

/**
 * @template T
 * @param {Map<string, T[]>} map
 * @param {string} key
 * @param {T} item
 */
function add(map, key, item) {
  const held = map.get(key);
  if (held) held.push(item);
  else map.set(key, [item]);
}
