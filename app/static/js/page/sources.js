/**
 * The texts of emulated modules: fetched when they are asked for, or ahead of that while the page has nothing else to do.
 * @module
 */

import { source } from "./resources.js";

/** At most so long (milliseconds) a step waits for the page to be idle. */
const SOON = 2000;

export class Sources {
  /** By module; null while it is on its way. @type {Map<string, string | null>} */ #texts = new Map();
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
    if (text === undefined) this.#fetch(module);
    return null;
  }

  /**
   * Fetch modules one after the other, whenever the page is idle.
   * @param {Iterable<string>} modules
   */
  async ahead(modules) {
    for (const module of modules) {
      if (this.#texts.has(module)) continue;
      await new Promise((resolve) => requestIdleCallback(resolve, { timeout: SOON }));
      await this.#fetch(module);
    }
  }

  /** @param {string} module */
  async #fetch(module) {
    this.#texts.set(module, null);
    this.#texts.set(module, await source(module));
    if (this.#awaited === module) this.#changed();
  }
}
