/**
 * Ids, values and events, as docs/api/protocol.md has them. An event is immutable and is stored, sent and hashed as the text that
 * `encode` made once; the members here have the names they have in that text.
 */
import { canon, isList, Malformed, readCanon, type Json } from './canon';
import { isStamp, type Stamp } from './clock';
import { isId } from './id';

/** A field's value: text, whole number, boolean, null (emptied), or a short list of scalars. */
export type Value = string | number | boolean | null | (string | number | boolean)[];

/** Limits of an event; the same as Go's. */
export const VERSION = 1;
const MAX_BYTES = 65_536;
const MAX_BASE = 64;
const MAX_LIST = 64;

/** What an entity's first event fixes for good. */
export type Birth = { t: string; kind: string | null; parent: string | null };

/** One thing that one person wrote. `id` equals `e` in the entity's first event alone, and that one has `new`. */
export type Event = {
  base: Record<string, string[]>;
  by: string;
  cat: number;
  e: string;
  hlc: Stamp;
  id: string;
  inc: string;
  n: number;
  new?: Birth;
  off: number | null;
  set: Record<string, Value>;
  town: string;
  v: number;
};

/** Of a version that this build does not know only what every version has can be read. */
export type LaterEvent = Pick<Event, 'by' | 'e' | 'hlc' | 'id' | 'inc' | 'n' | 'town' | 'v'>;

/** The canonical text of an event. Throws Malformed when the event breaks a rule of the format, so nothing broken is ever stored. */
export function encode(event: Event): string {
  const text = canon(event);
  decode(text);
  return text;
}

/**
 * Reads an event's canonical text or bytes. Throws Malformed for anything else, saying what: a member that is missing, unknown or
 * out of place, a second spelling, a fraction, a limit. An event of a later version comes back as LaterEvent.
 */
export function decode(from: string | Uint8Array): Event | LaterEvent {
  if (byteLength(from) > MAX_BYTES) throw new TooLarge(`more than ${MAX_BYTES} bytes`);
  const doc = readCanon(typeof from === 'string' ? from : fromUtf8(from));
  if (!isObject(doc)) throw new Malformed('not an event');
  if (!within(doc.v, 1, 1 << 20)) throw new Malformed('v: missing, or not a version');
  checkMembers(doc, EVERY_VERSION);
  if (doc.v === VERSION) checkVersionOne(doc);
  return doc as unknown as Event | LaterEvent;
}

/** Whether the whole event could be read. */
export const isKnown = (event: Event | LaterEvent): event is Event => event.v === VERSION;

/** Thrown for an event over MAX_BYTES. */
export class TooLarge extends Malformed {}

type Doc = { readonly [name: string]: Json | undefined };
type Check = (value: Json, doc: Doc) => boolean;

const isObject = (value: Json): value is Doc => value !== null && typeof value === 'object' && !isList(value);
const within = (value: Json | undefined, low: number, high = Infinity): boolean =>
  typeof value === 'number' && value >= low && value <= high;

/** Whether a text may name a field, a type or a kind. */
export const isName = (text: unknown): text is string =>
  typeof text === 'string' && /^[a-z][a-z0-9_:.-]{0,99}$/.test(text);

const EVERY_VERSION: Record<string, Check> = {
  by: isId,
  e: isId,
  hlc: isStamp,
  id: isId,
  inc: isId,
  n: (value) => within(value, 1),
  town: isId,
};

const VERSION_ONE: Record<string, Check> = {
  base: (value, doc) =>
    isObject(value) && Object.entries(value).every(([f, ids]) => hasMember(doc.set, f) && isBase(ids)),
  cat: (value) => within(value, 0),
  off: (value) => value === null || typeof value === 'number',
  set: (value) => isObject(value) && Object.entries(value).every(([f, v]) => isName(f) && isValue(v)),
};

function checkMembers(doc: Doc, rules: Record<string, Check>): void {
  for (const [name, ok] of Object.entries(rules)) {
    const value = doc[name];
    if (value === undefined || !ok(value, doc)) throw new Malformed(`${name}: missing or malformed`);
  }
}

function checkVersionOne(doc: Doc): void {
  checkMembers(doc, VERSION_ONE);
  const known = ['v', 'new', ...Object.keys(EVERY_VERSION), ...Object.keys(VERSION_ONE)];
  const foreign = Object.keys(doc).find((name) => !known.includes(name));
  if (foreign !== undefined) throw new Malformed(`${foreign.slice(0, 40)} is not a member of an event`);
  if ((doc.id === doc.e) !== (doc.new !== undefined))
    throw new Malformed('new: stands in the first event, and in no other');
  if (doc.new !== undefined && !isBirth(doc.new)) throw new Malformed('new: needs kind, parent and t');
}

function isBirth(value: Json): boolean {
  if (!isObject(value) || Object.keys(value).length !== 3) return false;
  const { kind, parent, t } = value;
  return (kind === null || isName(kind)) && (parent === null || isId(parent)) && isName(t);
}

const isBase = (ids: Json | undefined): boolean =>
  ids !== undefined && ids !== null && isList(ids) && ids.length > 0 && ids.length <= MAX_BASE && ids.every(isId);

const isValue = (value: Json | undefined): boolean =>
  value !== undefined &&
  (!isNested(value) || (isList(value) && value.length <= MAX_LIST && value.every((v) => v !== null && !isNested(v))));

const isNested = (value: Json): boolean => value !== null && typeof value === 'object';
const hasMember = (value: Json | undefined, name: string): boolean =>
  value !== undefined && isObject(value) && Object.hasOwn(value, name);

/** Bytes of a text in UTF-8, or of bytes. */
const byteLength = (from: string | Uint8Array): number =>
  typeof from === 'string' ? new TextEncoder().encode(from).length : from.length;

function fromUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new Malformed('not UTF-8', { cause });
  }
}
