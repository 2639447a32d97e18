/**
 * The texts of emulated modules: fetched when they are asked for, or ahead of that while the page has nothing else to do.
 * @module
 */

import { sourcesOf } from "./resources.js";

/** At most so long (milliseconds) a step waits for the page to be idle. */
const SOON = 2000;
/** So many modules are fetched together (app/web.py allows a few more): each answer is read in a millisecond or two. */
const TOGETHER = 24;

export class Sources {
  /** By module; null while it is on its way. @type {Map<string, string | null>} */ #texts = new Map();
  /** What is on its way. @type {Set<Promise<void>>} */ #coming = new Set();
  #changed;
  /** A module that a drawing waits for. */
  #awaited = "";

  /** @param {() => void} changed what is awaited has come */
  constructor(changed) {
    this.#changed = changed;
  }

  /**
   * The text of a module, null until it is there.
   * @param {string} module
   */
  get(module) {
    const text = this.#texts.get(module);
    if (typeof text === "string") return text;
    this.#awaited = module;
    if (text === undefined) this.#load([module]);
    return null;
  }

  /**
   * Fetch modules, some at a time, whenever the page is idle; resolves when all are here.
   * @param {readonly string[]} modules
   */
  async ahead(modules) {
    for (let from = 0; from < modules.length; from += TOGETHER) {
      await new Promise((resolve) => requestIdleCallback(resolve, { timeout: SOON }));
      await this.#load(modules.slice(from, from + TOGETHER));
    }
  }

  /**
   * Fetch a few modules at once; resolves when they are here, whoever asked for them first.
   * @param {readonly string[]} modules
   */
  async #load(modules) {
    const missing = modules.filter((module) => !this.#texts.has(module));
    if (missing.length) {
      const coming = this.#fetch(missing);
      this.#coming.add(coming);
      coming.finally(() => this.#coming.delete(coming));
    }
    await Promise.all(this.#coming);
  }

  /** @param {readonly string[]} modules */
  async #fetch(modules) {
    for (const module of modules) this.#texts.set(module, null);
    const texts = await sourcesOf(modules);
    for (const module of modules) this.#texts.set(module, texts[module] ?? "");
    if (modules.includes(this.#awaited)) this.#changed();
  }
}
