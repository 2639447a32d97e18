/**
 * View "overrides".
 * @module
 */

import { label } from "./kit.js";

/** @type {import("./view.js").View} */
export const overrides = {
  id: "overrides",
  draw: ({ box, messages }) => ({
    width: box.width,
    height: 60,
    label: messages.t("view-overrides"),
    svg: label(16, 32, messages.t("view-overrides"), { cls: "ink3" }),
    table: () => ({ caption: messages.t("view-overrides"), head: [], rows: [] }),
  }),
};
