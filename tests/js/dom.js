/**
 * What lit-html needs to load in Node, and templates as text.
 * @module
 */

globalThis.document ??= /** @type {any} */ ({ createTreeWalker: () => ({}), createComment: () => ({}) });

const { nothing } = await import("../../app/static/vendor/lit-html/lit-html.js");

/** The text of a template (or of several, or of plain values), as a browser would have it. */
export function markup(value) {
  if (value === nothing || value === null || value === undefined || value === false) return "";
  if (Array.isArray(value)) return value.map(markup).join("");
  if (typeof value !== "object") return String(value).replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  if ("_$litDirective$" in value) {
    const [items, key, template = key] = value.values; // repeat(items, key?, template)
    return [...items].map((item, i) => markup(template(item, i))).join("");
  }
  if (!value.strings) return "";
  let text = "";
  value.strings.forEach((string, i) => {
    text += string;
    if (i >= value.values.length) return;
    const attribute = /\s[\w:.@?-]+=$/.exec(string);
    if (!attribute) text += markup(value.values[i]);
    else if (value.values[i] === nothing) text = text.slice(0, text.length - string.length + attribute.index);
    else text += `"${markup(value.values[i]).replaceAll('"', "&quot;")}"`;
  });
  return text;
}
