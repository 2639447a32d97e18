/**
 * What the reader has selected: everything on the page follows it, and links carry it by stable names.
 * @module
 */

/**
 * @typedef {{kind: "object", id: number}
 *   | {kind: "field", id: number, field: string}
 *   | {kind: "byte", id: number, field: string, at: number, size: number}
 *   | {kind: "call", seq: number}
 *   | {kind: "function", name: string}
 *   | {kind: "type", name: string}} Selection
 */

/** @typedef {import("./run.js").Run} Run */

/**
 * The short form that drawings carry in `data-select`: `object:12`, `field:12:DeviceState.realized`, `byte:12:PCIDevice.config:52:1`,
 * `call:90`, `function:virtio_pci_realize`, `type:virtio-net-pci`.
 * @param {Selection} selection
 */
export function token(selection) {
  switch (selection.kind) {
    case "object":
      return `object:${selection.id}`;
    case "field":
      return `field:${selection.id}:${selection.field}`;
    case "byte":
      return `byte:${selection.id}:${selection.field}:${selection.at}:${selection.size}`;
    case "call":
      return `call:${selection.seq}`;
    default:
      return `${selection.kind}:${selection.name}`;
  }
}

/**
 * The inverse of `token`, null for what is not one.
 * @param {string} text
 * @returns {Selection | null}
 */
export function fromToken(text) {
  const [kind, first = "", field = "", at = "0", size = "1"] = text.split(":");
  if (kind === "function" || kind === "type") return first ? { kind, name: text.slice(kind.length + 1) } : null;
  const number = Number(first);
  if (!Number.isInteger(number) || first === "") return null;
  if (kind === "call") return { kind, seq: number };
  if (kind === "object") return { kind, id: number };
  if (kind === "field") return { kind, id: number, field };
  if (kind === "byte") return { kind, id: number, field, at: Number(at), size: Number(size) };
  return null;
}

/**
 * The form for links: objects by stable name.
 * @param {Run} run
 * @param {Selection | null} selection
 */
export function toLink(run, selection) {
  if (!selection) return "";
  if (selection.kind === "call" || selection.kind === "function" || selection.kind === "type") return token(selection);
  const name = encodeURIComponent(run.names.stable(selection.id));
  return token(selection).replace(`:${selection.id}`, `:${name}`);
}

/**
 * @param {Run} run
 * @param {string} text
 * @returns {Selection | null}
 */
export function fromLink(run, text) {
  const [kind, first = "", ...rest] = text.split(":");
  if (kind !== "object" && kind !== "field" && kind !== "byte") return fromToken(text);
  const id = run.names.find(decodeURIComponent(first));
  return id ? fromToken([kind, id, ...rest].join(":")) : null;
}
