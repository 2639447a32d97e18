/** Both languages are complete, and every sentence can be said. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { FILES, choose } from "../../../app/static/js/core/i18n.js";
import { plain, sentenceAt } from "../../../app/static/js/core/sentence.js";
import { card } from "../fixtures/card.js";
import { messages, runOf } from "../run.js";

const text = (lang, file) => readFileSync(new URL(`../../../app/static/locales/${lang}/${file}.ftl`, import.meta.url), "utf8");
const ids = (source) => [...source.matchAll(/^([a-zA-Z][\w-]*) =/gm)].map(([, id]) => id);
const variables = (source, id) => [...new Set(source.split(new RegExp(`^${id} =`, "m"))[1].split(/^[a-zA-Z#]/m)[0].match(/\$\w+/g) ?? [])].sort();

for (const file of FILES) {
  test(`${file}.ftl says the same in both languages`, () => {
    const [en, zh] = [text("en", file), text("zh", file)];
    assert.deepEqual(ids(zh).toSorted(), ids(en).toSorted());
    assert.equal(new Set(ids(en)).size, ids(en).length, "an id stands twice");
    for (const id of ids(en)) assert.deepEqual(variables(zh, id), variables(en, id), id);
  });
}

test("no id stands in two files", () => {
  const all = FILES.flatMap((file) => ids(text("en", file)));
  assert.deepEqual(all.filter((id, i) => all.indexOf(id) !== i), []);
});

test("Chinese is written in Chinese, with Chinese punctuation", () => {
  for (const file of FILES) {
    for (const line of text("zh", file).split("\n")) {
      assert.doesNotMatch(line, /[\u4e00-\u9fff][,;:!?]|[,;:!?][\u4e00-\u9fff]/, line);
    }
  }
});

test("every event of a run has a sentence in both languages", () => {
  for (const run of [runOf(card()), runOf(card({ bad: true }))]) {
    for (const lang of ["en", "zh"]) {
      for (let n = 0; n <= run.length; n++) {
        const said = plain(sentenceAt(run, n, messages(lang)));
        assert.ok(said.length > 5 && !/[\uE000-\uE002]|\{|undefined/.test(said), said);
      }
    }
  }
});

test("the flip of realize is told with before and after", () => {
  const { ids: known, ...log } = card();
  const run = runOf(log);
  const [flip] = run.history.field(known["class virtio-pci"], "DeviceClass.realize");
  const { pieces } = sentenceAt(run, flip + 1, messages("en"));
  assert.equal(pieces.map((piece) => piece.text).join(""), "DeviceClass.realize of class virtio-pci changes from pci_qdev_realize to virtio_pci_dc_realize.");
  assert.equal(pieces[0].select, `field:${known["class virtio-pci"]}:DeviceClass.realize`);
});

test("the language follows the wish, then the browser", () => {
  assert.equal(choose("zh", ["en"]), "zh");
  assert.equal(choose("", ["de-DE", "zh-CN"]), "zh");
  assert.equal(choose("", ["fr"]), "en");
});
