/** Chance that can be repeated: a run prints its seed, and LOFTESLOGG_SEED plays it again. */
export const seed = Number(process.env.LOFTESLOGG_SEED) || Math.floor(Date.now() % 1e9);

/** Dice of a seed: `dice(n)` is a whole number from 0 to n − 1. */
export function chance(from: number): (n: number) => number {
  let s = from >>> 0;
  return (n) => {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
    return Math.floor((s / 2 ** 32) * n);
  };
}
