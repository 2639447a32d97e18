/**
 * A range of steps as pages, for printing or for a PDF: one page a step, with its sentence and the drawing of one view.
 * @module
 */

import { html, nothing, render } from "../../vendor/lit-html/lit-html.js";
import { LEVELS } from "../core/levels.js";
import { sentenceAt } from "../core/sentence.js";
import { VIEWS } from "../views/index.js";
import { frameOf, measured } from "./frame.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("../core/levels.js").Level} Level */

/** More pages than this are not made at once. */
const MOST = 300;

/**
 * The places in a range at which a level stops.
 * @param {import("../core/run.js").Run} run
 * @param {number} from
 * @param {number} to
 * @param {Level} level
 */
export function places(run, from, to, level) {
  const found = [];
  for (let n = run.levels.next(level, from - 1); n <= to && found.length < MOST; n = run.levels.next(level, n)) {
    found.push(n);
    if (n >= run.length) break;
  }
  return found;
}

/**
 * The dialog: which steps, by which level.
 * @param {App} app
 * @param {() => void} close
 */
export function pagesDialog(app, close) {
  const { run, messages, pagesOf } = app;
  if (!run) return nothing;
  const segment = run.story.segments[run.story.segmentAt(app.at - 1)];
  return html`<h2>${messages.t("dialog-pages")}</h2>
    <p class="dim">${messages.t("pages-hint", { view: messages.t(`view-${pagesOf}`), most: MOST })}</p>
    <form class="pages" @submit=${(/** @type {Event} */ event) => {
      event.preventDefault();
      const data = new FormData(/** @type {HTMLFormElement} */ (event.target));
      const level = LEVELS.find((each) => each === data.get("level")) ?? "milestone";
      close();
      print(app, pagesOf, places(run, Number(data.get("from")), Number(data.get("to")), level));
    }}>
      <label>${messages.t("pages-from")} <input name="from" type="number" min="1" max=${run.length} value=${segment ? segment.start + 1 : 1} /></label>
      <label>${messages.t("pages-to")} <input name="to" type="number" min="1" max=${run.length} value=${segment ? segment.end : run.length} /></label>
      <label>${messages.t("level")} <select name="level">${LEVELS.map((level) => html`<option value=${level} ?selected=${level === "milestone"}>${messages.t(`level-${level}`)}</option>`)}</select></label>
      <button>${messages.t("pages-print")}</button>
    </form>`;
}

/**
 * @param {App} app
 * @param {string} id
 * @param {number[]} at
 */
function print(app, id, at) {
  const paper = document.createElement("div");
  paper.className = "printing";
  document.body.append(paper);
  render(
    at.map((n) => page(app, id, n)),
    paper,
  );
  addEventListener("afterprint", () => paper.remove(), { once: true });
  window.print();
}

/**
 * @param {App} app
 * @param {string} id
 * @param {number} at
 */
function page(app, id, at) {
  const { run, messages } = app;
  if (!run) return nothing;
  const { height } = measured(id);
  let top = 0;
  let drawing = VIEWS[id].draw(frameOf(app, id, 1, 0, at));
  if (drawing.follow !== undefined && drawing.follow > height * 0.9) {
    top = Math.max(0, Math.min(drawing.height - height, drawing.follow - height * 0.45));
    drawing = VIEWS[id].draw(frameOf(app, id, 1, top, at));
  }
  const sentence = sentenceAt(run, at, messages);
  const seen = drawing.follow === undefined ? drawing.height : Math.min(drawing.height, height);
  return html`<article>
    <p class="step">${messages.number(at)} / ${messages.number(run.length)}</p>
    <h2>${sentence.pieces.map((piece) => piece.text).join("")}</h2>
    <p>${sentence.note || nothing}</p>
    <svg class="diagram" viewBox="0 ${top} ${drawing.width} ${seen}">${drawing.svg}</svg>
  </article>`;
}
