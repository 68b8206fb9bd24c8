/**
 * Canonical JSON (RFC 8785), and nothing else: members in order of UTF-16 code units and once, shortest escapes, whole numbers.
 * A document has one spelling, so what was read and written again is compared as text; Go's scanner refuses the same texts.
 */

/** What canonical JSON can hold here. Fractions and numbers over 53 bits have no place in an event. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json | undefined };

/** Containers within containers that a document may have; the limit of Go's scanner. */
const MAX_DEPTH = 8;

/** Thrown by this folder alone for what people or programs wrote wrongly; `message` says what, for the one who looks into it. */
export class Malformed extends Error {
  override name = 'Malformed';
}

/** The canonical spelling. Members that are undefined are left out. Throws Malformed for what has none. */
export function canon(value: Json): string {
  if (typeof value === 'string') return text(value);
  if (typeof value === 'number') return whole(value);
  if (value === null || typeof value === 'boolean') return String(value);
  if (isList(value)) return `[${value.map(canon).join(',')}]`;
  return `{${members(value).join(',')}}`;
}

/** Reads a canonical text. Throws Malformed for any other spelling of the same thing. */
export function readCanon(spelled: string): Json {
  let value: Json;
  try {
    value = JSON.parse(spelled) as Json;
  } catch (cause) {
    throw new Malformed('not JSON', { cause });
  }
  if (!shallow(value, MAX_DEPTH + 1)) throw new Malformed(`nested deeper than ${MAX_DEPTH}`); // before canon, which would recurse
  if (canon(value) !== spelled) throw new Malformed('not the canonical spelling');
  return value;
}

function shallow(value: Json, depth: number): boolean {
  if (depth === 0) return false;
  if (value === null || typeof value !== 'object') return true;
  return Object.values(value).every((inner: Json | undefined) => shallow(inner ?? null, depth - 1));
}

/** Array.isArray, which by itself does not see that a readonly array is one. */
export const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

function text(value: string): string {
  if (/\p{Surrogate}/u.test(value)) throw new Malformed('a lone surrogate');
  if (value.includes('\0')) throw new Malformed('a NUL in a text');
  return JSON.stringify(value); // its escapes are those of RFC 8785
}

function whole(value: number): string {
  if (!Number.isSafeInteger(value)) throw new Malformed('not a whole number of at most 53 bits');
  return String(value);
}

function members(value: { readonly [name: string]: Json | undefined }): string[] {
  const names = Object.keys(value).filter((name) => value[name] !== undefined);
  return names.sort().map((name) => `${text(name)}:${canon(value[name] ?? null)}`); // sort() is by UTF-16 code units
}
