/**
 * Python source in coloured pieces, line by line: enough for reading, not a parser.
 * @module
 */

/** @typedef {{text: string, kind: "" | "key" | "str" | "com" | "num" | "def" | "dec"}} Token */

const KEYWORDS = new Set(
  ("False None True and as assert async await break case class continue def del elif else except finally for from global if import in is " +
    "lambda match nonlocal not or pass raise return try while with yield").split(" "),
);
const TOKEN = /(#.*)|("""|'''|[rbf]{0,2}"(?:[^"\\]|\\.)*"|[rbf]{0,2}'(?:[^'\\]|\\.)*')|(@[\w.]+)|(\b0x[\da-fA-F_]+\b|\b\d[\d_.]*\b)|([A-Za-z_]\w*)|(\s+|.)/g;

/**
 * @param {string} source
 * @returns {Token[][]}
 */
export function highlight(source) {
  let quote = "";
  return source.split("\n").map((line) => {
    /** @type {Token[]} */
    const tokens = [];
    let rest = line;
    if (quote) {
      const end = rest.indexOf(quote);
      if (end === -1) return [{ text: line, kind: "str" }];
      tokens.push({ text: rest.slice(0, end + 3), kind: "str" });
      rest = rest.slice(end + 3);
      quote = "";
    }
    let defined = false;
    for (let match; (match = TOKEN.exec(rest)); ) {
      const [text, comment, string, decorator, number, word] = match;
      if (string === '"""' || string === "'''") {
        const end = rest.indexOf(string, TOKEN.lastIndex);
        const stop = end === -1 ? rest.length : end + 3;
        if (end === -1) quote = string;
        tokens.push({ text: rest.slice(match.index, stop), kind: "str" });
        TOKEN.lastIndex = stop;
        continue;
      }
      const kind = comment ? "com" : string ? "str" : decorator ? "dec" : number ? "num" : word && KEYWORDS.has(word) ? "key" : defined && word ? "def" : "";
      if (word) defined = word === "def" || word === "class";
      const last = tokens.at(-1);
      if (last && last.kind === kind) last.text += text;
      else tokens.push({ text, kind });
    }
    TOKEN.lastIndex = 0;
    return tokens;
  });
}
