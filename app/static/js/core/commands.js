/**
 * The one registry of commands: it feeds the palette, the sheet of keys, tooltips, buttons and the keyboard.
 * @module
 */

/**
 * @template T
 * @typedef {object} Command
 * @property {string} id also the message: `command-ID`
 * @property {string} group message `group-GROUP`
 * @property {string[]} [keys] e.g. "ArrowRight", "Shift+ArrowRight", "Ctrl+K", "?"
 * @property {(app: T) => void} run
 * @property {(app: T) => boolean} [enabled]
 * @property {boolean} [everywhere] its keys work in text fields too
 * @property {Record<string, string | number>} [args] of its message
 */

/** @template T */
export class Commands {
  /** @type {Map<string, Command<T>>} */ #byId = new Map();
  /** @type {Map<string, Command<T>>} */ #byKey = new Map();

  /**
   * Add commands. An id or a key that is taken is an Error.
   * @param {Command<T>[]} commands
   */
  add(...commands) {
    for (const command of commands) {
      if (this.#byId.has(command.id)) throw new Error(`command ${command.id} exists already`);
      this.#byId.set(command.id, command);
      for (const key of command.keys ?? []) {
        const taken = this.#byKey.get(key);
        if (taken) throw new Error(`${key} is the key of ${taken.id} already`);
        this.#byKey.set(key, command);
      }
    }
  }

  /** All commands, in order. */
  get all() {
    return [...this.#byId.values()];
  }

  /**
   * A command by its id. RangeError: there is none.
   * @param {string} id
   */
  get(id) {
    const found = this.#byId.get(id);
    if (!found) throw new RangeError(`no command ${id}`);
    return found;
  }

  /**
   * Run a command, if it can be run now.
   * @param {string} id
   * @param {T} app
   */
  run(id, app) {
    const command = this.get(id);
    if (command.enabled?.(app) ?? true) command.run(app);
  }

  /**
   * The command of a key press; null where there is none, or where the key belongs to the text field it was pressed in.
   * @param {{key: string, ctrlKey: boolean, metaKey: boolean, altKey: boolean, shiftKey: boolean}} press
   * @param {boolean} typing
   */
  forKey(press, typing) {
    const command = this.#byKey.get(keyName(press)) ?? null;
    return command && (!typing || command.everywhere) ? command : null;
  }
}

/**
 * The name of a key press, as commands write it. Shift is named only with keys that print nothing by themselves.
 * @param {{key: string, ctrlKey: boolean, metaKey: boolean, altKey: boolean, shiftKey: boolean}} press
 */
export function keyName({ key, ctrlKey, metaKey, altKey, shiftKey }) {
  const name = key === " " ? "Space" : key.length === 1 && (ctrlKey || metaKey || altKey) ? key.toUpperCase() : key;
  const modifiers = (ctrlKey || metaKey ? "Ctrl+" : "") + (altKey ? "Alt+" : "") + (shiftKey && name.length > 1 ? "Shift+" : "");
  return modifiers + name;
}

/** How keys are printed. @type {Record<string, string>} */
const PRINTED = {
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  PageUp: "PgUp",
  PageDown: "PgDn",
  Enter: "⏎",
  Shift: "⇧",
};

/** @param {string} key */
export function printedKey(key) {
  return key
    .split(/\+(?=.)/)
    .map((part) => PRINTED[part] ?? part)
    .join(" ");
}
