/**
 * What registers are made of: a small language for tables of them, and their decoding.
 *
 * Names of registers and fields are those of QEMU's headers (include/standard-headers/linux/pci_regs.h and others).
 * @module
 */

/**
 * A field of a register: one bit, or several that make a number.
 * @typedef {object} BitField
 * @property {string} name
 * @property {number} mask
 * @property {readonly (string | undefined)[]} [values] names of its values
 * @property {boolean} [inPlace] the number is the masked bits where they stand, not shifted down
 */
/**
 * A register of a table; offsets count from where the table is laid.
 * @typedef {object} RegisterInfo
 * @property {number} at
 * @property {number} size bytes
 * @property {string} name
 * @property {readonly BitField[]} fields
 * @property {"id" | "address" | "pointer" | "bytes"} [kind] how the value is shown
 */
/**
 * A field of a register with its value.
 * @typedef {object} FieldValue
 * @property {string} name
 * @property {number} value
 * @property {boolean} single one bit
 * @property {string} text name of the value, or the number
 */

/**
 * @param {number} at
 * @param {number} size
 * @param {string} name
 * @param {BitField[]} [fields]
 * @param {RegisterInfo["kind"]} [kind]
 * @returns {RegisterInfo}
 */
export function register(at, size, name, fields = [], kind) {
  return { at, size, name, fields, ...(kind ? { kind } : {}) };
}

/**
 * Fields from a list of names with masks: `bits("PCI_COMMAND_", {IO: 1, MEMORY: 2})`.
 * @param {string} prefix
 * @param {Record<string, number>} masks
 * @param {Record<string, readonly (string | undefined)[]>} [values]
 * @returns {BitField[]}
 */
export function bits(prefix, masks, values = {}) {
  return Object.entries(masks).map(([name, mask]) => ({
    name: prefix + name,
    mask: mask >>> 0,
    ...(values[name] ? { values: values[name] } : {}),
    ...(name.endsWith("OFFSET") ? { inPlace: true } : {}),
  }));
}

/**
 * A little-endian number of up to four bytes; bytes outside count as 0.
 * @param {Uint8Array} bytes
 * @param {number} at
 * @param {number} size
 */
export function read(bytes, at, size) {
  let value = 0;
  for (let i = size - 1; i >= 0; i--) value = value * 256 + (bytes[at + i] ?? 0);
  return value;
}

/**
 * The value of a field in a register's value.
 * @param {BitField} field
 * @param {number} value
 * @returns {FieldValue}
 */
export function fieldValue({ name, mask, values, inPlace }, value) {
  const shift = inPlace ? 0 : 31 - Math.clz32(mask & -mask);
  const number = ((value & mask) >>> shift) >>> 0;
  const single = (mask & (mask - 1)) === 0;
  return { name, value: number, single, text: values?.[number] ?? (number > 9 ? `0x${number.toString(16)}` : String(number)) };
}

/**
 * The fields that say something: bits that are set, and numbers that are not 0 or have a name for 0.
 * @param {RegisterInfo} info
 * @param {number} value
 * @returns {FieldValue[]}
 */
export function fieldsOf(info, value) {
  return info.fields
    .map((field) => ({ field, decoded: fieldValue(field, value) }))
    .filter(({ field, decoded }) => decoded.value !== 0 || field.values?.[0] !== undefined)
    .map(({ decoded }) => decoded);
}

/**
 * A number in hexadecimal with as many digits as its bytes have.
 * @param {number | bigint} value
 * @param {number} [size] bytes; without it, as many digits as it needs
 */
export function hexNumber(value, size = 0) {
  return `0x${value.toString(16).padStart(2 * size, "0")}`;
}
