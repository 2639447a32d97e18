/**
 * What a reader has picked or opened in views: a set of tokens. Of several things, the latest choice counts: `TOKEN=VALUE#N`.
 * Some tokens name events of the run (`call:17`): they mean nothing in another run, nor in a link.
 * @module
 */

const OF_RUN = /^(call|run):/;

/**
 * What is chosen of several, "" where there is none.
 * @param {ReadonlySet<string>} toggled
 * @param {string} token
 */
export function chosen(toggled, token) {
  let latest = -1;
  let value = "";
  for (const each of toggled) {
    if (!each.startsWith(`${token}=`)) continue;
    const mark = each.lastIndexOf("#");
    const number = Number(each.slice(mark + 1));
    if (number > latest) {
      latest = number;
      value = each.slice(token.length + 1, mark);
    }
  }
  return value;
}

/**
 * The token that chooses a value.
 * @param {ReadonlySet<string>} toggled
 * @param {string} token
 * @param {string} value
 */
export function choice(toggled, token, value) {
  let count = 0;
  for (const each of toggled) if (each.startsWith(`${token}=`)) count++;
  return `${token}=${value}#${count}`;
}

/**
 * The tokens as a link carries them: of each choice its value, and what is opened.
 * @param {ReadonlySet<string>} toggled
 */
export function toPicks(toggled) {
  const kept = [...lasting(toggled)];
  const choices = [...new Set(kept.filter(isChoice).map((each) => each.slice(0, each.indexOf("="))))];
  return [...choices.map((token) => `${token}=${chosen(toggled, token)}`), ...kept.filter((each) => !isChoice(each))].sort();
}

/**
 * @param {readonly string[]} picks
 * @returns {Set<string>}
 */
export function fromPicks(picks) {
  return new Set(picks.map((pick) => (/^[a-z-]+=/.test(pick) ? `${pick}#0` : pick)));
}

/**
 * What still means something in another run.
 * @param {ReadonlySet<string>} toggled
 */
export function lasting(toggled) {
  return new Set([...toggled].filter((each) => !OF_RUN.test(each)));
}

/** @param {string} token */
function isChoice(token) {
  return /^[a-z-]+=.*#\d+$/.test(token);
}
