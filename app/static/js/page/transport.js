/**
 * The timeline with its scrubber, and the buttons that move.
 * @module
 */

import { html, nothing } from "../../vendor/lit-html/lit-html.js";
import { guard } from "../../vendor/lit-html/directives/guard.js";
import { live } from "../../vendor/lit-html/directives/live.js";
import { LEVELS } from "../core/levels.js";
import { INSET, phaseName, placeAt, scaleOf, timeline, xOf } from "../views/timeline.js";
import { button } from "./button.js";
import { tip, title } from "./commands.js";
import { frameOf, measured } from "./frame.js";
import { PROJECTED } from "./layouts.js";
import { SPEEDS } from "./player.js";
import { saveMenu } from "./savemenu.js";

/** @typedef {import("./app.js").App} App */

/** The place under the pointer, -1 where there is none. */
let hovered = -1;
/** The timeline as it was drawn last. @type {import("../views/view.js").Drawing} */
let drawing;

/** @param {App} app */
export function transport(app) {
  const { messages, run } = app;
  return html`<section class="transport" aria-label=${messages.t("view-timeline")}>
    <div class="buttons">
      ${guard([messages, run === null, app.playing, app.level, app.breakpoints, app.speed], () => controls(app))}
      <form class="place" @submit=${(/** @type {Event} */ event) => {
        event.preventDefault();
        const field = /** @type {HTMLInputElement} */ (document.querySelector("#place"));
        app.go(Number(field.value.replace(/\D/g, "")));
        field.blur();
      }}>
        <input id="place" inputmode="numeric" autocomplete="off" title=${tip(app, "go-to")} aria-label=${title(app, "go-to")} .value=${live(messages.number(app.at))} ?disabled=${!run}
          @focus=${(/** @type {Event} */ event) => /** @type {HTMLInputElement} */ (event.target).select()}/>
        <span>${messages.t("of-events", { total: messages.number(run?.length ?? 0) })}</span>
      </form>
    </div>
    ${line(app)}
  </section>`;
}

/** The buttons that move, and how they do. @param {App} app */
function controls(app) {
  const { messages } = app;
  return html`<div class="group">
        ${button(app, "first", { icon: "first" })}${button(app, "back", { icon: "back" })}
        ${button(app, "play", { icon: app.playing ? "pause" : "play", cls: "tool primary" })}
        ${button(app, "forward", { icon: "forward" })}${button(app, "last", { icon: "last" })}
      </div>
      <div class="group segmented" role="group" aria-label=${messages.t("level")}>
        ${LEVELS.map((level) => button(app, `level-${level}`, { text: title(app, `level-${level}`), pressed: level === app.level, cls: "segment" }))}
      </div>
      <div class="group">
        ${button(app, "into", { icon: "into" })}${button(app, "over", { icon: "over" })}${button(app, "out", { icon: "out" })}
      </div>
      <div class="group">
        ${button(app, "breakpoints", { icon: "dot", text: app.breakpoints.length ? String(app.breakpoints.length) : "" , cls: app.breakpoints.length ? "tool armed" : "tool" })}
        ${app.breakpoints.length ? button(app, "continue", { text: messages.t("continue") }) : ""}
      </div>
      <label class="speed" title=${messages.t("speed")}>
        <select aria-label=${messages.t("speed")} .value=${live(String(app.speed))}
          @change=${(/** @type {Event} */ event) => {
            app.speed = Number(/** @type {HTMLSelectElement} */ (event.target).value);
            app.changed();
          }}>
          ${SPEEDS.map((speed) => html`<option value=${speed}>${messages.t("per-second", { speed })}</option>`)}
        </select>
      </label>`;
}

/** @param {App} app */
function line(app) {
  const { run, messages } = app;
  const width = measured("timeline").width;
  if (!run || run.length === 0 || width === 0) return html`<div class="line" data-measure="timeline"></div>`;
  const scale = app.theme === "projector" ? PROJECTED : 1;
  drawing = timeline.draw(frameOf(app, "timeline", scale));
  const held = scaleOf(run, width / scale - 2 * INSET);
  const place = (/** @type {PointerEvent} */ event) => {
    const line = /** @type {HTMLElement} */ (event.currentTarget);
    return placeAt(held, (event.clientX - line.getBoundingClientRect().left) / scale - INSET);
  };
  const segment = run.story.segments[run.story.segmentAt(app.at - 1)];
  return html`<div class="line" data-measure="timeline" data-view="timeline">
    <div
      class="scrubber" role="slider" tabindex="0" aria-label=${messages.t("view-timeline")} aria-valuemin="0" aria-valuemax=${run.length}
      aria-valuenow=${app.at} aria-valuetext=${`${app.at}${segment ? `, ${phaseName(segment, messages)}` : ""}`}
      @pointerdown=${(/** @type {PointerEvent} */ event) => {
        /** @type {HTMLElement} */ (event.currentTarget).setPointerCapture(event.pointerId);
        app.scrubbing = true;
        app.pause();
        app.go(place(event));
      }}
      @pointermove=${(/** @type {PointerEvent} */ event) => {
        hovered = place(event);
        if (app.scrubbing) app.go(hovered);
        else app.redraw();
      }}
      @pointerleave=${() => {
        hovered = -1;
        app.redraw();
      }}
      @pointerup=${() => {
        app.scrubbing = false;
        app.changed();
      }}
      @pointercancel=${() => {
        app.scrubbing = false;
      }}
    >
      <svg class="diagram" width=${drawing.width * scale} height=${drawing.height * scale} viewBox="0 0 ${drawing.width} ${drawing.height}" role="img" aria-label=${drawing.label}>${drawing.svg}</svg>
    </div>
    ${hovered >= 0 && hovered <= run.length && !app.scrubbing ? readout(app, run, hovered, (xOf(held, hovered) + INSET) * scale, width) : nothing}
    ${guard([messages], () => html`<div class="pane-tools">${saveMenu(app, "timeline", () => drawing, drawing.texts)}</div>`)}
  </div>`;
}


/**
 * What lies under the pointer.
 * @param {App} app
 * @param {import("../core/run.js").Run} run
 * @param {number} at
 * @param {number} x
 * @param {number} width
 */
function readout(app, run, at, x, width) {
  const segment = run.story.segments[run.story.segmentAt(at - 1)];
  const side = x > width / 2 ? `right: ${width - x + 8}px` : `left: ${x + 8}px`;
  return html`<div class="readout" style=${side} aria-hidden="true">
    <b>${app.messages.number(at)}</b> ${segment ? phaseName(segment, app.messages) : ""} <code>${run.functionOf(at - 1)?.name ?? ""}</code>
  </div>`;
}
