/**
 * The rescue file, as docs/api/rescue.md has it: the events that a phone keeps, byte for byte, so that any phone or desk of the town
 * can hand them in. Pure: it neither keeps nor sends.
 */
import { canon, Malformed, type Json } from './canon';
import { decode } from './event';
import { isId } from './id';
import type { Row, RowState } from './row';
import { sumOf } from './sum';

const VERSION = 1;

/** An event in a rescue file. `bytes` is its canonical text; `state` is how far it had come on the phone that made the file. */
export type Carried = Pick<Row, 'id' | 'e' | 'inc' | 'n' | 'seal' | 'bytes' | 'savedAt'> & { state: RowState };

/** What a rescue file holds; `made` is when, by the clock of the phone that made it, ms. */
export type Rescued = { town: string; made: number; events: Carried[] };

/** Why a file cannot be read: it is something else, of a later version, or not as it was written. */
export type Unread = 'other' | 'newer' | 'broken';

/** The text of a file with these events. */
export async function spellRescue({ town, made, events }: Rescued): Promise<string> {
  const list = events.map(({ id, e, inc, n, seal, bytes, state, savedAt }) => {
    return { id, e, inc, n, seal, state, saved: savedAt, ev: toBase64(bytes) };
  });
  const doc = { lofteslogg: 'rescue', v: VERSION, town, made, events: list };
  return JSON.stringify({ ...doc, sum: await sumOf(canon(doc)) }, null, 1);
}

/** Reads a file whole or not at all. */
export async function readRescue(text: string): Promise<Rescued | Unread> {
  const doc = parse(text);
  if (typeof doc === 'string') return doc;
  const { sum, ...rest } = doc;
  try {
    if (sum !== (await sumOf(canon(rest)))) return 'broken';
    const { town, made, events } = rest;
    if (!isId(town) || !isTime(made) || !Array.isArray(events)) return 'broken';
    return { town, made, events: (events as unknown[]).map((one) => carried(one, town)) };
  } catch (error) {
    if (error instanceof Malformed) return 'broken';
    throw error;
  }
}

type Doc = { readonly [name: string]: Json | undefined };

function parse(text: string): Doc | Unread {
  const ours = /^\s*\{\s*"lofteslogg"\s*:\s*"rescue"/.test(text);
  let doc: unknown;
  try {
    doc = JSON.parse(text);
  } catch {
    return ours ? 'broken' : 'other'; // a file of ours that ends too early is still known by how it begins
  }
  if (!isDoc(doc) || doc.lofteslogg !== 'rescue') return 'other';
  if (typeof doc.v !== 'number') return 'broken';
  return doc.v > VERSION ? 'newer' : doc;
}

const isDoc = (value: unknown): value is Doc => typeof value === 'object' && value !== null && !Array.isArray(value);
const isTime = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const STATES: readonly unknown[] = ['unsent', 'sending', 'ok', 'parked', 'refused'] satisfies RowState[];

function carried(one: unknown, town: string): Carried {
  if (!isDoc(one)) throw new Malformed('not an event');
  const { id, e, inc, n, seal, state, saved, ev } = one;
  const whole =
    isId(id) &&
    isId(e) &&
    isId(inc) &&
    isTime(n) &&
    n > 0 &&
    seal === 'none' &&
    isTime(saved) &&
    STATES.includes(state);
  if (!whole || typeof ev !== 'string') throw new Malformed('not an event');
  const bytes = fromBase64(ev);
  checkEnvelope({ id, e, inc, n, town }, bytes);
  return { id, e, inc, n, seal, bytes, savedAt: saved, state: state as RowState };
}

/** What stands beside the bytes is what is in them. Bytes that are no event at all were refused where they were written: they come along. */
function checkEnvelope(beside: { [name: string]: Json }, bytes: string): void {
  let event: { readonly [name: string]: unknown };
  try {
    event = decode(bytes);
  } catch {
    return;
  }
  const other = Object.keys(beside).find((name) => event[name] !== beside[name]);
  if (other !== undefined) throw new Malformed(`${other}: another than in the event`);
}

/** Bytes as base64, so that nobody reads a colleague's words by opening the file. It hides nothing from who wants to know. */
const toBase64 = (text: string): string =>
  btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(''));

function fromBase64(text: string): string {
  try {
    const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new Malformed('not base64 of UTF-8', { cause });
  }
}
