/**
 * View "objects".
 * @module
 */

import { label } from "./kit.js";

/** @type {import("./view.js").View} */
export const objects = {
  id: "objects",
  draw: ({ box, messages }) => ({
    width: box.width,
    height: 60,
    label: messages.t("view-objects"),
    svg: label(16, 32, messages.t("view-objects"), { cls: "ink3" }),
    table: () => ({ caption: messages.t("view-objects"), head: [], rows: [] }),
  }),
};
