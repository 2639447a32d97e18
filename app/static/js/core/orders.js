/**
 * Commands of a run and their order.
 * @module
 */

/** What the simulated host has or lacks is said before the program starts. */
const SETTING = /^host\s+with(out)?\s/;

/**
 * The commands with one more that comes before the start: after those of its kind. Null where it comes last, as most do.
 * @param {readonly string[]} commands
 * @param {string} line
 */
export function beforeStart(commands, line) {
  if (!SETTING.test(line)) return null;
  const place = commands.findIndex((each) => !SETTING.test(each));
  return [...commands].toSpliced(place === -1 ? commands.length : place, 0, line);
}
