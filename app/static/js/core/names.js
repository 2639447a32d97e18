/**
 * What objects are called: known as soon as a name is written, for the whole run (not for one moment of it).
 * @module
 */

/** @typedef {import("./fold.js").Raw} Raw */

/**
 * @typedef {object} Named
 * @property {string} type
 * @property {string} struct the first struct: "ObjectClass", "Object", or the plain C struct's own name
 * @property {number} ordinal how many of the same type and struct came before
 * @property {string} name what it calls itself, "" where nothing does
 */

/** Fields by which an object calls itself: those of plain structs, and these of QOM objects. What stands later wins. */
const NAMING = ["model", "name", "id"];
const QUALIFIED = new Set(["DeviceState.id", "BusState.name", "MemoryRegion.name", "NetClientState.model", "NetClientState.name"]);

export class ObjectNames {
  /** @type {(Named | undefined)[]} */ #named = [];
  /** @type {Uint8Array | number[]} */ #rank = [];
  /** @type {Map<string, number[]>} */ #kinds = new Map();

  /** @param {Raw} event */
  push(event) {
    if (event[0] === "N") {
      const [, , , id, type, structs, fields] = event;
      const kind = `${structs[0]}|${type}`;
      const ids = this.#kinds.get(kind);
      this.#named[id] = { type, struct: structs[0], ordinal: ids ? ids.length : 0, name: "" };
      if (ids) ids.push(id);
      else this.#kinds.set(kind, [id]);
      for (const field in fields) this.#note(id, field, fields[field]);
    } else if (event[0] === "S") {
      this.#note(event[3], event[4], event[6]);
    }
  }

  /**
   * @param {number} id
   * @param {string} field
   * @param {any} value
   */
  #note(id, field, value) {
    if (typeof value !== "string" || value === "") return;
    const dot = field.indexOf(".");
    if (dot !== -1 && !QUALIFIED.has(field)) return;
    const rank = NAMING.indexOf(field.slice(dot + 1));
    if (rank < 0 || rank < (this.#rank[id] ?? 0)) return;
    const named = this.#named[id];
    if (named) {
      named.name = value;
      this.#rank[id] = rank;
    }
  }

  /**
   * @param {number} id
   * @returns {Named | undefined}
   */
  get(id) {
    return this.#named[id];
  }

  /** How many ids there are, the unused id 0 included. */
  get length() {
    return this.#named.length;
  }

  /**
   * How to call an object in text.
   * @param {number} id
   */
  label(id) {
    const named = this.#named[id];
    if (!named) return `#${id}`;
    if (named.struct === "ObjectClass") return `class ${named.type}`;
    if (named.name && named.struct !== "Object") return `${named.type} ${named.name}`;
    if (named.name) return named.name;
    return named.ordinal > 0 || named.struct !== "Object" ? `${named.type} ${named.ordinal + 1}` : named.type;
  }

  /**
   * The name of an object in links: it stays when ids move.
   * @param {number} id
   */
  stable(id) {
    const named = this.#named[id];
    if (!named) return "";
    const kind = named.struct === "ObjectClass" ? "class " : named.struct === "Object" ? "" : "struct ";
    return `${kind}${named.type}${named.ordinal ? `~${named.ordinal}` : ""}`;
  }

  /**
   * The object of a stable name, 0 where there is none.
   * @param {string} text
   */
  find(text) {
    const parts = /^(class |struct )?(.*?)(?:~(\d+))?$/.exec(text);
    if (!parts) return 0;
    const [, kind, type, ordinal] = parts;
    const struct = kind === "class " ? "ObjectClass" : kind === "struct " ? type : "Object";
    return this.#kinds.get(`${struct}|${type}`)?.[Number(ordinal ?? 0)] ?? 0;
  }

  /**
   * All objects of a type: instances, or with `struct` "ObjectClass" its class.
   * @param {string} type
   * @param {string} [struct]
   * @returns {readonly number[]}
   */
  ofType(type, struct = "Object") {
    return this.#kinds.get(`${struct}|${type}`) ?? [];
  }
}
