/**
 * Raw DEFLATE (RFC 1951), unpacked at once: the browser's own DecompressionStream answers later, and a step can't wait.
 * @module
 */

/** Bits of the longest code. */
const LONGEST = 15;
/** In which order the lengths of the code length code stand (RFC 1951, 3.2.7). */
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** First value and further bits of each length and distance code (RFC 1951, 3.2.5). */
const [LENGTHS, LENGTH_BITS] = ranges(29, 3, 4);
const [DISTANCES, DISTANCE_BITS] = ranges(30, 1, 2);
LENGTHS[28] = 258;
LENGTH_BITS[28] = 0;

/**
 * @param {number} count
 * @param {number} first
 * @param {number} group codes that share a number of further bits
 */
function ranges(count, first, group) {
  const starts = new Uint16Array(count);
  const bits = new Uint8Array(count);
  let start = first;
  for (let code = 0; code < count; code++) {
    starts[code] = start;
    bits[code] = Math.max(0, Math.floor(code / group) - 1);
    start += 1 << bits[code];
  }
  return [starts, bits];
}

/**
 * A table from the next 15 bits to `symbol << 4 | length`.
 * @param {ArrayLike<number>} lengths
 */
function table(lengths) {
  const codes = new Uint16Array(1 << LONGEST);
  let code = 0;
  for (let length = 1; length <= LONGEST; length++) {
    for (let symbol = 0; symbol < lengths.length; symbol++) {
      if (lengths[symbol] !== length) continue;
      let reversed = 0;
      for (let bit = 0; bit < length; bit++) reversed |= ((code >> bit) & 1) << (length - 1 - bit);
      for (let at = reversed; at < codes.length; at += 1 << length) codes[at] = (symbol << 4) | length;
      code++;
    }
    code <<= 1;
  }
  return codes;
}

const FIXED = Array.from({ length: 288 }, (_, symbol) => (symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8));
/** @type {[Uint16Array, Uint16Array] | undefined} */
let fixed;

/**
 * @param {Uint8Array} input
 * @param {number} size of what comes out
 */
export function inflate(input, size) {
  const output = new Uint8Array(size);
  let [read, written, held, count] = [0, 0, 0, 0];

  /** @param {number} bits */
  const take = (bits) => {
    while (count < bits) {
      held |= input[read++] << count;
      count += 8;
    }
    const value = held & ((1 << bits) - 1);
    held >>>= bits;
    count -= bits;
    return value;
  };
  /** @param {Uint16Array} codes */
  const symbol = (codes) => {
    while (count < LONGEST && read < input.length) {
      held |= input[read++] << count;
      count += 8;
    }
    const entry = codes[held & ((1 << LONGEST) - 1)];
    held >>>= entry & 15;
    count -= entry & 15;
    return entry >> 4;
  };
  /** @returns {[Uint16Array, Uint16Array]} */
  const dynamic = () => {
    const [literals, distances, ordered] = [take(5) + 257, take(5) + 1, take(4) + 4];
    const short = new Uint8Array(19);
    for (let i = 0; i < ordered; i++) short[ORDER[i]] = take(3);
    const codes = table(short);
    const lengths = new Uint8Array(literals + distances);
    for (let i = 0; i < lengths.length; ) {
      const code = symbol(codes);
      if (code < 16) lengths[i++] = code;
      else {
        const times = code === 16 ? take(2) + 3 : code === 17 ? take(3) + 3 : take(7) + 11;
        lengths.fill(code === 16 ? lengths[i - 1] : 0, i, i + times);
        i += times;
      }
    }
    return [table(lengths.subarray(0, literals)), table(lengths.subarray(literals))];
  };

  for (let last = false; !last; ) {
    last = take(1) === 1;
    const kind = take(2);
    if (kind === 0) {
      read -= count >> 3;
      [held, count] = [0, 0];
      const length = input[read] | (input[read + 1] << 8);
      output.set(input.subarray(read + 4, read + 4 + length), written);
      read += 4 + length;
      written += length;
      continue;
    }
    const [literals, distances] = kind === 2 ? dynamic() : (fixed ??= [table(FIXED), table(new Uint8Array(30).fill(5))]);
    for (let code = symbol(literals); code !== 256; code = symbol(literals)) {
      if (code < 256) {
        output[written++] = code;
        continue;
      }
      let length = LENGTHS[code - 257] + take(LENGTH_BITS[code - 257]);
      const far = symbol(distances);
      let from = written - (DISTANCES[far] + take(DISTANCE_BITS[far]));
      while (length-- > 0) output[written++] = output[from++];
    }
  }
  return output;
}
