/**
 * A view to copy: the type names of all objects, the newest first. Copy it, rename it, register it in views/index.js,
 * add its messages to locales/en/views.ftl and locales/zh/views.ftl.
 * @module
 */

import { svg } from "../../vendor/lit-html/lit-html.js";
import { changed, label, picked } from "./kit.js";

/** @typedef {import("./view.js").Frame} Frame */
/** @typedef {import("./view.js").Drawing} Drawing */

const ROW = 20;

/** @type {import("./view.js").View} */
export const skeleton = { id: "skeleton", draw };

/**
 * @param {Frame} frame
 * @returns {Drawing}
 */
function draw(frame) {
  const { state, changes, selection, messages, box } = frame;
  const objects = [...state.all()].reverse();
  const selected = selection && "id" in selection ? selection.id : 0;

  // Only what is in sight is drawn; the height stays that of the whole.
  const first = Math.max(0, Math.floor(box.top / ROW) - 2);
  const seen = objects.slice(first, first + Math.ceil(box.height / ROW) + 4);

  return {
    width: box.width,
    height: objects.length * ROW + 8,
    label: messages.t("skeleton-label", { count: objects.length }),
    svg: seen.map((object, i) => {
      const y = 4 + (first + i) * ROW;
      return svg`${changes.object(object.id) ? changed(4, y, box.width - 8, ROW) : ""}
        ${object.id === selected ? picked(4, y, box.width - 8, ROW) : ""}
        ${label(16, y + 14, frame.run.names.label(object.id), { cls: "m", select: `object:${object.id}`, width: box.width - 32 })}`;
    }),
    table: () => ({
      caption: messages.t("view-skeleton"),
      head: [messages.t("head-object"), messages.t("head-type")],
      rows: objects.map((object) => ({
        cells: [
          { text: frame.run.names.label(object.id), select: `object:${object.id}`, changed: changes.object(object.id) },
          object.type,
        ],
      })),
    }),
  };
}
