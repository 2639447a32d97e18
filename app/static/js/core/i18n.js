/**
 * Messages in two languages (Fluent): locales/LANG/*.ftl, every message in both.
 * @module
 */

import { FluentBundle, FluentResource } from "../../vendor/fluent-bundle/index.js";

export const LANGUAGES = /** @type {const} */ (["en", "zh"]);
export const FILES = /** @type {const} */ (["page", "story", "events", "functions", "hardware", "fields", "views"]);
/** @typedef {typeof LANGUAGES[number]} Language */
/** @typedef {Record<string, string | number>} Arguments */

export class Messages {
  /** @type {Intl.NumberFormat} */ #numbers;
  /** Messages without arguments: each is asked for at every step. @type {Map<string, string>} */ #plain = new Map();

  /**
   * @param {Language} lang
   * @param {string[]} texts contents of the ftl files
   */
  constructor(lang, texts) {
    this.lang = lang;
    this.#numbers = new Intl.NumberFormat(lang === "zh" ? "zh-CN" : "en");
    this.bundle = new FluentBundle(lang, { useIsolating: false });
    for (const text of texts) {
      for (const error of this.bundle.addResource(new FluentResource(text))) throw error;
    }
  }

  /** @param {string} id */
  has(id) {
    return this.bundle.hasMessage(id);
  }

  /**
   * The message, filled in. An unknown id is returned as it is, so that it is seen and found.
   * @param {string} id
   * @param {Arguments} [args]
   * @returns {string}
   */
  t(id, args) {
    let text = args ? undefined : this.#plain.get(id);
    if (text === undefined) {
      const pattern = this.bundle.getMessage(id)?.value;
      text = pattern ? this.bundle.formatPattern(pattern, args) : id;
      if (!args) this.#plain.set(id, text);
    }
    return text;
  }

  /**
   * A number as the language writes it.
   * @param {number} value
   */
  number(value) {
    return this.#numbers.format(value);
  }
}

/**
 * Get a language.
 * @param {Language} lang
 * @param {(path: string) => Promise<string>} text
 */
export async function load(lang, text) {
  return new Messages(lang, await Promise.all(FILES.map((file) => text(`locales/${lang}/${file}.ftl`))));
}

/**
 * The language to begin with: the wanted one, else the browser's, else English.
 * @param {string} wanted
 * @param {readonly string[]} preferred
 * @returns {Language}
 */
export function choose(wanted, preferred) {
  for (const tag of [wanted, ...preferred]) {
    const found = LANGUAGES.find((lang) => tag.toLowerCase().startsWith(lang));
    if (found) return found;
  }
  return "en";
}
