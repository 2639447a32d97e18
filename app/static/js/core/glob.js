/**
 * Patterns with `*` for any text; case does not matter.
 * @module
 */

/**
 * @param {string} pattern
 * @returns {(text: string) => boolean}
 */
export function glob(pattern) {
  const expression = new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replace(/\*/g, ".*")}$`, "i");
  return (text) => expression.test(text);
}
