/**
 * Pictures of drawings: SVG that stands alone (real text, every style on its element, fonts and the run embedded), and PNG of it.
 * @module
 */

import { render, svg } from "../../vendor/lit-html/lit-html.js";
import { base64 } from "./resources.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("../views/view.js").Drawing} Drawing */

/** What an element's look consists of, and the value that need not be said. @type {[string, string][]} */
const STYLES = [
  ["fill", "rgb(0, 0, 0)"],
  ["fill-opacity", "1"],
  ["stroke", "none"],
  ["stroke-width", "1px"],
  ["stroke-dasharray", "none"],
  ["stroke-linejoin", "miter"],
  ["stroke-linecap", "butt"],
  ["opacity", "1"],
  ["font-family", ""],
  ["font-size", ""],
  ["font-weight", "400"],
  ["font-style", "normal"],
  ["text-decoration", "none"],
  ["paint-order", "normal"],
];
const TEXT_ONLY = /^(font|text|paint)/;

/** Families and their files below vendor/. */
export const FONTS = [
  ["Inter", "inter/inter-latin-wght-normal.woff2"],
  ["JetBrains Mono", "jetbrains-mono/jetbrains-mono-latin-wght-normal.woff2"],
];

/** A drawing that begins below this was scrolled: it holds only what was in sight. */
const SCROLLED = 60;

/** What a saved picture carries, so that the page can open it again. */
export const METADATA = "qomscope";

/**
 * The text of an SVG file.
 * @param {App} app
 * @param {string} view
 * @param {Drawing} drawing
 * @param {string} theme "" for the one on the screen
 */
export async function picture(app, view, drawing, theme) {
  const frame = document.createElement("div");
  frame.className = "exporting";
  if (theme) frame.dataset.theme = theme;
  document.body.append(frame);
  try {
    render(svg`<svg class="diagram" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${drawing.width} ${drawing.height}">${drawing.svg}</svg>`, frame);
    const drawn = /** @type {SVGSVGElement} */ (frame.firstElementChild);
    const whole = drawn.getBBox();
    // Drawings that scroll hold only what is in sight: cut to that.
    const top = whole.y < SCROLLED ? 0 : Math.floor(whole.y);
    const height = Math.min(drawing.height, Math.ceil(whole.y + whole.height) + 4) - top;
    const root = getComputedStyle(frame);
    const copy = /** @type {SVGSVGElement} */ (styled(drawn));
    copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    copy.setAttribute("width", String(drawing.width));
    copy.setAttribute("height", String(height));
    copy.setAttribute("viewBox", `0 ${top} ${drawing.width} ${height}`);
    copy.prepend(
      element("title", app.messages.t(`view-${view}`)),
      element("desc", drawing.label),
      element("metadata", JSON.stringify({ [METADATA]: 1, view, argv: app.argv, commands: app.commands, version: app.version, run: app.run?.header.run, at: app.at, link: app.link() })),
      element("style", `${(await fontFaces()).join("")}text{font-variant-ligatures:none}`),
      paper(root.backgroundColor, top, drawing.width, height),
    );
    return new XMLSerializer().serializeToString(copy).replace(/<!--.*?-->/g, "");
  } finally {
    frame.remove();
  }
}

/**
 * A copy whose every element says its style itself.
 * @param {Element} original
 * @returns {Element}
 */
function styled(original) {
  const copy = /** @type {Element} */ (original.cloneNode(false));
  if (original instanceof SVGGraphicsElement) {
    const look = getComputedStyle(original);
    const isText = original instanceof SVGTextContentElement;
    for (const [name, usual] of STYLES) {
      if (original instanceof SVGGElement || (TEXT_ONLY.test(name) && !isText)) continue;
      const value = look.getPropertyValue(name === "text-decoration" ? "text-decoration-line" : name);
      if (value && value !== usual) copy.setAttribute(name, value);
    }
    const unseen = look.display === "none" || look.visibility === "hidden" || (look.fillOpacity === "0" && look.stroke === "none");
    if (unseen) return document.createElementNS("http://www.w3.org/2000/svg", "g");
  }
  for (const name of ["class", "data-select", "data-go", "data-toggle", "data-do"]) copy.removeAttribute(name);
  for (const child of original.childNodes) {
    if (child instanceof Element) copy.append(styled(child));
    else if (child.nodeType === Node.TEXT_NODE) copy.append(child.cloneNode());
  }
  return copy;
}

/**
 * @param {string} name
 * @param {string} text
 */
function element(name, text) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  made.textContent = text;
  return made;
}

/**
 * @param {string} fill
 * @param {number} y
 * @param {number} width
 * @param {number} height
 */
function paper(fill, y, width, height) {
  const made = element("rect", "");
  for (const [name, value] of Object.entries({ y, width, height, fill })) made.setAttribute(name, String(value));
  return made;
}

/** @type {Promise<string[]> | undefined} */
let faces;

/** The faces as CSS with the files inside, so that a picture looks the same everywhere. */
function fontFaces() {
  faces ??= Promise.all(
    FONTS.map(async ([family, file]) => {
      const data = await base64(`vendor/${file}`);
      return `@font-face{font-family:"${family}";font-weight:100 900;src:url(data:font/woff2;base64,${data}) format("woff2")}`;
    }),
  );
  return faces;
}

/**
 * A picture as PNG.
 * @param {string} text SVG
 * @param {number} factor
 * @returns {Promise<Blob>}
 */
export async function png(text, factor) {
  const address = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.naturalWidth * factor);
    canvas.height = Math.round(image.naturalHeight * factor);
    const context = canvas.getContext("2d");
    if (!context) throw new Error("no 2D canvas here");
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("too large for a PNG"))), "image/png"));
  } finally {
    URL.revokeObjectURL(address);
  }
}

/**
 * Hand a file to the reader.
 * @param {string} name
 * @param {Blob} blob
 */
export function saveAs(name, blob) {
  const anchor = document.createElement("a");
  anchor.href = URL.createObjectURL(blob);
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(anchor.href), 10_000);
}

/**
 * The link that a saved picture carries, null where it carries none.
 * @param {string} text
 * @returns {string | null}
 */
export function linkOf(text) {
  const found = /<metadata[^>]*>(.*?)<\/metadata>/s.exec(text);
  if (!found) return null;
  try {
    const data = JSON.parse(found[1].replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&amp;", "&"));
    return data[METADATA] ? String(data.link) : null;
  } catch {
    return null;
  }
}
