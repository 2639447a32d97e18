/**
 * The page's own data: fetched from the server, or held by the page itself where it is a file (page/offline.js).
 * @module
 */

/**
 * What a page in a file holds.
 * @typedef {object} Held
 * @property {Record<string, string>} texts by path below static/
 * @property {Record<string, string>} fonts base64, by path below static/
 * @property {Record<string, string>} sources emulated modules
 * @property {import("../core/log.js").Header} header
 * @property {any[]} events
 * @property {import("../core/run.js").Ending} ending
 * @property {string} argv
 * @property {string} link
 */

/** The id of the element that holds the data, gzipped, as base64. */
export const HOLDER = "qomscope-run";

const holder = document.getElementById(HOLDER);

/** What this page holds, null where it comes from a server. @type {Held | null} */
export const held = holder ? JSON.parse(await unpack(holder.textContent ?? "")) : null;

const base = document.documentElement.dataset.static ?? "/static";

/**
 * A text file below static/.
 * @param {string} path
 */
export async function text(path) {
  if (held) return held.texts[path];
  return (await fetched(`${base}/${path}`)).text();
}

/**
 * A file below static/ as base64.
 * @param {string} path
 */
export async function base64(path) {
  if (held) return held.fonts[path];
  return encode(new Uint8Array(await (await fetched(`${base}/${path}`)).arrayBuffer()));
}

/**
 * What the server answers, `none` where there is no server or it refuses.
 * @template T
 * @param {string} address
 * @param {T} none
 * @returns {Promise<T>}
 */
export async function answer(address, none) {
  if (held) return none;
  try {
    return await (await fetched(address)).json();
  } catch {
    return none;
  }
}

/**
 * The texts of emulated modules, by module; those that cannot be had are missing.
 * @param {readonly string[]} modules
 * @returns {Promise<Record<string, string>>}
 */
export async function sourcesOf(modules) {
  if (held) return held.sources;
  const query = new URLSearchParams(modules.map((module) => ["module", module]));
  /** @type {{module: string, text: string}[]} */
  const found = await answer(`/api/sources?${query}`, []);
  return Object.fromEntries(found.map(({ module, text }) => [module, text]));
}

/** @param {string} address */
async function fetched(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return response;
}

/** @param {Uint8Array} bytes */
function encode(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}

/**
 * Gzip a text, as base64.
 * @param {string} text
 */
export async function pack(text) {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return encode(new Uint8Array(await new Response(stream).arrayBuffer()));
}

/** @param {string} packed */
async function unpack(packed) {
  const bytes = Uint8Array.from(atob(packed), (char) => char.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
}
