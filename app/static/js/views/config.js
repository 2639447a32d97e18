/**
 * View "config".
 * @module
 */

import { label } from "./kit.js";

/** @type {import("./view.js").View} */
export const config = {
  id: "config",
  draw: ({ box, messages }) => ({
    width: box.width,
    height: 60,
    label: messages.t("view-config"),
    svg: label(16, 32, messages.t("view-config"), { cls: "ink3" }),
    table: () => ({ caption: messages.t("view-config"), head: [], rows: [] }),
  }),
};
