/**
 * View "types".
 * @module
 */

import { label } from "./kit.js";

/** @type {import("./view.js").View} */
export const types = {
  id: "types",
  draw: ({ box, messages }) => ({
    width: box.width,
    height: 60,
    label: messages.t("view-types"),
    svg: label(16, 32, messages.t("view-types"), { cls: "ink3" }),
    table: () => ({ caption: messages.t("view-types"), head: [], rows: [] }),
  }),
};
