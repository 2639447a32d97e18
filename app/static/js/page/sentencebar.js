/**
 * The sentence of the present step, its explanation, and where in QEMU it happens.
 * @module
 */

import { html, nothing, svg } from "../../vendor/lit-html/lit-html.js";
import { whereOf } from "../core/log.js";
import { plain, sentenceAt } from "../core/sentence.js";
import { glyph } from "../views/kit.js";

/** @typedef {import("./app.js").App} App */

/** How long the place must rest before it is said. */
const PAUSE = 350;

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
let said = "";

/** @param {App} app */
export function sentenceBar(app) {
  const { run, messages, at } = app;
  if (!run || (at > 0 && run.length === 0)) return html`<section class="sentence" aria-label=${messages.t("sentence")}><p class="what">${messages.t("before-run")}</p></section>`;
  const sentence = sentenceAt(run, at, messages);
  const kind = at > 0 ? run.log.at(at - 1)[0] : "";
  const info = at > 0 ? run.functionOf(at - 1) : null;
  const where = whereOf(info);
  speak(app, () => plain(sentence));
  return html`<section class="sentence kind-${kind}" aria-label=${messages.t("sentence")}>
    <svg class="diagram" width="26" height="26" viewBox="-13 -13 26 26" aria-hidden="true">${kind ? glyph(0, 0, kind) : svg`<circle r="4" class="glyph"></circle>`}</svg>
    <div class="words">
      <p class="what">${sentence.pieces.map((piece) =>
        piece.role
          ? piece.select
            ? html`<button class="name ${piece.role}" data-select=${piece.select}>${piece.text}</button>`
            : html`<span class="name ${piece.role}">${piece.text}</span>`
          : piece.text,
      )}</p>
      <p class="why">${sentence.note || nothing}</p>
    </div>
    ${info
      ? html`<dl class="where">
          <dt>QEMU</dt><dd><button class="name fn" data-select="function:${info.name}">${info.name}</button><span>${where}</span></dd>
          <dt>Python</dt><dd><span>${info.modelled ? `${info.module}:${run.columns.line.data[at - 1] || info.py[0]}` : messages.t("not-modelled")}</span></dd>
        </dl>`
      : nothing}
  </section>`;
}

/**
 * Put the sentence into the live region once the place rests; not while scrubbing, and not while playing fast.
 * @param {App} app
 * @param {() => string} text
 */
function speak(app, text) {
  clearTimeout(timer);
  if (app.scrubbing || (app.playing && app.speed > 2)) return;
  timer = setTimeout(() => {
    const region = document.querySelector("#said");
    const now = text();
    if (region && now !== said) region.textContent = said = now;
  }, PAUSE);
}
