/**
 * The page and one run as a single HTML file that opens from disk, without a server.
 *
 * Modules become data: addresses named by an import map, since a page of file: may import nothing else.
 * @module
 */

import { FILES, LANGUAGES } from "../core/i18n.js";
import { FONTS } from "./export.js";
import { HOLDER, base64, pack, text } from "./resources.js";

/** @typedef {import("./app.js").App} App */

const IMPORT = /(\bfrom\s*|\bimport\s*\(?\s*)"(\.[^"]+)"/g;
const STYLES = ["themes", "page", "panes", "diagram", "views"];

/**
 * The file.
 * @param {App} app
 */
export async function offlineFile(app) {
  const { run } = app;
  if (!run?.ending) throw new Error("the run has not ended");
  const code = await collect(new URL("../main.js", import.meta.url));
  const styles = await Promise.all(STYLES.map((name) => styleSheet(`css/${name}.css`)));
  /** @type {import("./resources.js").Held} */
  const held = { texts: {}, fonts: {}, sources: {}, header: run.header, events: [], ending: run.ending, argv: app.argv, link: app.link() };
  run.log.each(0, run.length, (_, event) => held.events.push(event));
  for (const lang of LANGUAGES) for (const file of FILES) held.texts[`locales/${lang}/${file}.ftl`] = await text(`locales/${lang}/${file}.ftl`);
  held.texts["data/story.json"] = await text("data/story.json");
  for (const [, file] of FONTS) held.fonts[`vendor/${file}`] = await base64(`vendor/${file}`);
  const modules = run.modules();
  await app.sources.ahead(modules);
  for (const module of modules) held.sources[module] = app.sources.get(module) ?? "";
  const imports = Object.fromEntries([...code].map(([name, text]) => [name, `data:text/javascript;charset=utf-8,${encodeURIComponent(text)}`]));
  return `<!doctype html>
<html lang="${document.documentElement.lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>qomscope: ${app.argv.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</title>
<style>${styles.join("\n")}</style>
<script type="importmap">${JSON.stringify({ imports }).replaceAll("</", "<\\/")}</script>
</head>
<body>
<div id="page"></div>
<p id="said" class="sr" aria-live="polite" aria-atomic="true"></p>
<script type="application/octet-stream" id="${HOLDER}">${await pack(JSON.stringify(held))}</script>
<script type="module">import "js/main.js";</script>
</body>
</html>
`;
}

/**
 * A module and all that it imports, by name, their imports named likewise.
 * @param {URL} first
 * @returns {Promise<Map<string, string>>}
 */
async function collect(first) {
  const root = new URL("../../", import.meta.url).href;
  const name = (/** @type {URL} */ address) => address.href.slice(root.length);
  /** @type {Map<string, string>} */
  const found = new Map();
  /** @param {URL} address */
  const visit = async (address) => {
    if (found.has(name(address))) return;
    found.set(name(address), "");
    const code = await text(name(address));
    const inner = [...code.matchAll(IMPORT)].map(([, , to]) => new URL(to, address));
    found.set(
      name(address),
      code.replace(IMPORT, (_, before, to) => `${before}"${name(new URL(to, address))}"`),
    );
    await Promise.all(inner.map(visit));
  };
  await visit(first);
  return found;
}

/**
 * A style sheet with its fonts inside.
 * @param {string} path
 */
async function styleSheet(path) {
  let css = await text(path);
  for (const [, file] of FONTS) css = css.replace(`../vendor/${file}`, `data:font/woff2;base64,${css.includes(file) ? await base64(`vendor/${file}`) : ""}`);
  return css;
}
