/**
 * Icons of buttons, 16 by 16.
 * @module
 */

import { svg, html } from "../../vendor/lit-html/lit-html.js";

/** @type {Record<string, string>} */
const PATHS = {
  first: "M3 3v10M13 3L6 8l7 5z",
  last: "M13 3v10M3 3l7 5l-7 5z",
  back: "M11 3L4 8l7 5z",
  forward: "M5 3l7 5l-7 5z",
  play: "M4 2.5l9 5.5l-9 5.5z",
  pause: "M4.5 3h2.5v10h-2.5zM9 3h2.5v10h-2.5z",
  into: "M8 2v7M4.5 6L8 9.5L11.500 6M3 13h10",
  over: "M2.500 9C3 5 6 3 8.500 3.500C11 4 12.500 6 13 8.500M13.500 4.500L13 9L9 7.500M7.500 12.500h1",
  out: "M8 10V3M4.500 6L8 2.500L11.500 6M3 13h10",
  save: "M8 2v8M4.500 7L8 10.500L11.500 7M2.500 11v2.500h11V11",
  table: "M2.500 3h11v10h-11zM2.500 6.500h11M2.500 9.700h11M6.500 3v10",
  drawing: "M2.500 3h11v10h-11zM5 10l2.500-3.500l2 2.500l1.500-2l2 3",
  grow: "M9.500 3H13v3.500M6.500 13H3V9.500M13 3L9.500 6.500M3 13l3.500-3.500",
  shrink: "M13 6.500H9.500V3M3 9.500h3.500V13M9.500 6.500L13 3M6.500 9.500L3 13",
  search: "M7 3a4 4 0 1 0 0 8a4 4 0 0 0 0-8zM10 10l3.500 3.500",
  undo: "M5.500 3L2.500 6l3 3M2.500 6h7a3.500 3.500 0 0 1 0 7H6",
  terminal: "M2 3h12v10H2zM4.500 6l2.500 2l-2.500 2M8.500 10.500h3",
  close: "M4 4l8 8M12 4l-8 8",
  dot: "M8 4.500a3.500 3.500 0 1 0 0 7a3.500 3.500 0 0 0 0-7z",
  light: "M8 5a3 3 0 1 0 0 6a3 3 0 0 0 0-6zM8 1.500v1.500M8 13v1.500M1.500 8H3M13 8h1.500M3.400 3.400l1 1M11.600 11.600l1 1M3.400 12.600l1-1M11.600 4.400l1-1",
  dark: "M12.500 10A5.500 5.500 0 0 1 6 3.500A5.500 5.500 0 1 0 12.500 10z",
  projector: "M2 3h12M3 3v7h10V3M8 10v2M5 14l3-2l3 2",
  keys: "M2 4.500h12v7H2zM4.500 7h.5M7 7h.5M9.500 7h.5M12 7h.2M5 9.500h6",
  list: "M5.500 4h8M5.500 8h8M5.500 12h8M2.500 4h.5M2.500 8h.5M2.500 12h.5",
  link: "M6.500 9.500l3-3M7 4.500l1.500-1.500a2.800 2.800 0 0 1 4 4L11 8.500M9 11.500L7.500 13a2.800 2.800 0 0 1-4-4L5 7.500",
};
const FILLED = new Set(["first", "last", "back", "forward", "play", "pause"]);

/** @param {string} name */
export function icon(name) {
  return html`<svg class="icon ${FILLED.has(name) ? "filled" : ""}" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">${svg`<path d=${PATHS[name]}></path>`}</svg>`;
}
