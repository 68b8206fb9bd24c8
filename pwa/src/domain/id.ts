/** Ids are uuids in their one canonical spelling: 36 characters, lower case, with hyphens. */

const SPELLING = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether a text is an id. */
export const isId = (text: unknown): text is string => typeof text === 'string' && SPELLING.test(text);

/** A new id, version 7: the milliseconds, then 74 bits of chance. Nothing relies on the time in it. */
export function newId(now: number, chance: Uint8Array = crypto.getRandomValues(new Uint8Array(10))): string {
  const hex = (n: number, digits: number) => n.toString(16).padStart(digits, '0').slice(-digits);
  const [a = 0, b = 0, c = 0, ...rest] = chance;
  const time = hex(Math.max(0, Math.floor(now)), 12);
  const tail = rest.map((byte) => hex(byte, 2)).join('');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(a & 15, 1)}${hex(b, 2)}-${hex((c & 63) | 128, 2)}${tail.slice(0, 2)}-${tail.slice(2)}`;
}
