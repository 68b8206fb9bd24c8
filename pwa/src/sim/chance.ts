/** Chance from a seed: the same text gives the same numbers, and two texts give others. */
export type Chance = () => number;

/** Numbers from 0 to 1, of 32 bits each. */
export function chanceOf(seed: string): Chance {
  let [a, b, c, d] = stir(seed);
  return () => {
    const sum = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
}

/** Fills bytes, as crypto.getRandomValues does. */
export function fill<T extends ArrayBufferView | null>(bytes: T, chance: Chance): T {
  if (!(bytes instanceof Uint8Array)) throw new TypeError('only bytes are asked for here');
  for (let i = 0; i < bytes.length; i += 1) bytes[i] = Math.floor(chance() * 256);
  return bytes;
}

/** Four words that depend on every letter. */
function stir(text: string): [number, number, number, number] {
  const words: [number, number, number, number] = [0x9e3779b9, 0x243f6a88, 0xb7e15162, 0x6a09e667];
  for (let round = 0; round < 4; round += 1) {
    for (let i = 0; i < text.length; i += 1) {
      const at = ((i + round) % 4) as 0 | 1 | 2 | 3;
      const next = ((at + 1) % 4) as 0 | 1 | 2 | 3;
      words[at] = Math.imul(words[at] ^ text.charCodeAt(i) ^ (words[next] >>> 15), 0x85ebca6b);
      words[next] ^= words[at] >>> 13;
    }
  }
  return words;
}
