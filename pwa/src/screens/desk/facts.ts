/** An entry's fields in words: by the catalogue where it knows them, else by the desk's own, else by their bare name. Nothing is hidden. */
import type { CatalogReply, EntriesReply, HistoryReply } from '../../api/desk';
import { canon, type Json } from '../../domain/canon';
import type { FieldKind, Kind } from '../../domain/app';
import { readCatalog, registersOf } from '../../domain/catalog';
import { fieldOf } from '../../domain/register';
import type { Value } from '../../domain/event';
import { isConflict, valueOf, type Head, type State } from '../../domain/state';
import { civilOf, clockTime, dayLong, inLanguage, number, word } from '../../text';
import { d } from '../../text/desk';
import { capital, partyName, together } from './words';

/** What the words are taken from; what has not come yet is left out. */
export type Book = { kind: Kind | undefined; names: Pick<EntriesReply, 'parties' | 'kinds' | 'places'> | null };
export type Fact = { f: string; label: string; value: string };

const OWN = ['started_at', 'minutes', 'place', 'parties', 'note', 'retracted', 'dup_of'] as const;
const AS: Record<string, FieldKind['as']> = {
  started_at: 'moment',
  minutes: 'duration',
  place: 'place',
  parties: 'parties',
  note: 'text',
};
/** Not facts of the activity: they have a place of their own on the page. */
const APART = ['retracted', 'dup_of'];

/** The state as the fold has it; null when nothing is folded or it was erased. */
export const stateOf = (reply: HistoryReply): State | null => reply.state.st as unknown as State | null;

/** The kinds of a catalogue that was asked for; none before it came. */
export const kindsIn = (reply: CatalogReply | null): Kind[] =>
  reply?.catalog?.st ? readCatalog(reply.catalog.st as unknown as State).kinds : [];

/** What a field is called. At the desk it is a heading and not a question. */
export function labelOf(book: Book, f: string): string {
  const own = OWN.find((name) => name === f);
  if (own) return d(`x.${own}`);
  const known = fieldOf(book.kind, f);
  const label = (known && word(known.field, 'label')) ?? capital(f.replaceAll('_', ' '));
  return known?.of ? d('x.one', { label, of: inLanguage(known.of) ?? known.of.v }) : label;
}

/** A value in words; `x.nothing` when there is none. */
export function valueWords(book: Book, f: string, v: Value): string {
  if (v === null || v === '') return d('x.nothing');
  const field = fieldOf(book.kind, f)?.field;
  const list = (Array.isArray(v) ? v : [v]).map(String);
  switch (field?.as ?? AS[f]) {
    case 'moment': {
      const face = civilOf(v);
      return face === null ? String(v) : `${dayLong(face)} ${new Date(face).getUTCFullYear()}, ${clockTime(face)}`;
    }
    case 'duration':
      return number(Number(v));
    case 'place':
      return book.names?.places[String(v)] ?? d('x.noPlace');
    case 'parties':
      return together(list.map((slug) => partyName(book.names?.parties ?? [], slug)));
    case 'band':
    case 'choice':
    case 'choices':
      return list.map((each) => choiceWords(field, each)).join(', ');
    case 'count':
    case 'counts':
    case 'text':
    case 'other':
    case undefined:
      break;
  }
  if (typeof v === 'boolean') return d(v ? 'x.yes' : 'x.no');
  return typeof v === 'number' ? number(v) : list.join(', ');
}

/** What a value of the field is written in: as the catalogue says, else as its present value is. */
export function formOf(
  book: Book,
  f: string,
  v: Value,
): 'moment' | 'number' | 'place' | 'parties' | 'choices' | 'choice' | 'text' {
  const as = book.kind?.fields.find((each) => each.f === f)?.as ?? AS[f];
  switch (as) {
    case 'duration':
    case 'count':
      return 'number';
    case 'band':
      return 'choice';
    case 'moment':
    case 'place':
    case 'parties':
    case 'choice':
    case 'choices':
    case 'text':
      return as;
    case 'counts':
    case 'other':
    case undefined:
      break;
  }
  return typeof v === 'number' ? 'number' : 'text';
}

function choiceWords(field: FieldKind | undefined, v: string): string {
  const found = field?.choices?.find((c) => typeof c === 'object' && c.v === v);
  return (typeof found === 'object' && inLanguage(found)) || v.replace(/^(\d+)-(\d+)$/, '$1–$2');
}

/** What the entry says now, in the order of the catalogue; what the catalogue does not know comes last. */
export function factsOf(s: State, book: Book): Fact[] {
  const order = book.kind?.fields.flatMap(registersOf) ?? [...OWN];
  const rank = (f: string) => (order.includes(f) ? order.indexOf(f) : order.length);
  return Object.keys(s.f)
    .filter((f) => !APART.includes(f) && valueOf(s, f) !== null && !isConflict(s.f[f] ?? { h: [] }))
    .sort((a, b) => rank(a) - rank(b))
    .map((f) => ({ f, label: labelOf(book, f), value: valueWords(book, f, valueOf(s, f)) }));
}

/** A field with two answers: each different value once, the one that is shown first. */
export function conflictsOf(s: State): { f: string; heads: Head[] }[] {
  return Object.entries(s.f)
    .filter(([, r]) => isConflict(r))
    .map(([f, r]) => {
      const byValue = new Map([...r.h].reverse().map((h) => [canon(h.v as Json), h]));
      const shown = canon(r.h.at(-1)?.v ?? null);
      return { f, heads: [...byValue].sort(([a], [b]) => Number(b === shown) - Number(a === shown)).map(([, h]) => h) };
    });
}

/** Fotpatrull, Torget. */
export function titleOf(s: State | null, book: Book): string {
  if (!s) return d('x.title');
  const kind =
    inLanguage(book.names?.kinds[s.kind ?? ''] ?? {}) ?? (book.kind && word(book.kind, 'name')) ?? d('x.title');
  const place = book.names?.places[String(valueOf(s, 'place'))];
  return place ? `${kind}, ${place}` : kind;
}

/** The flags that a list would show for it. */
export function flagsOf(reply: HistoryReply): string[] {
  const s = stateOf(reply);
  const first = reply.events[0];
  const edited = reply.events.some(
    (h) => h.standing === 'folded' && h.id !== reply.e && Object.keys(h.ev?.set ?? {}).some((f) => f !== 'retracted'),
  );
  return [
    ...(s && valueOf(s, 'retracted') !== null ? ['voided'] : []),
    ...(s && conflictsOf(s).length > 0 ? ['conflict'] : []),
    ...(reply.state.parked.length > 0 ? ['parked'] : []),
    ...(edited ? ['edited'] : []),
    ...(first?.late ? ['late'] : []),
  ];
}

const WHY = [
  'waiting',
  'version',
  'type',
  'kind',
  'right',
  'revoked',
  'inc',
  'future',
  'guard',
  'link',
  'held',
] as const;

/** Why something is set aside, in plain words. */
export function whyWords(why: string): string {
  const known = WHY.find((each) => each === why);
  return d(known ? `why.${known}` : 'why.other');
}

/** Why something was taken back: what its writer wrote, but for the words that mean something to the app. */
export function reasonWords(reason: string): string {
  if (reason === 'undo') return d('x.undo');
  return reason === 'erased' ? d('h.erasedReason') : reason;
}

/** Who wrote, by role and party. */
export function whoWords(book: Book, who: { role: string; party: string }): string {
  const party = who.party ? partyName(book.names?.parties ?? [], who.party) : '';
  if (who.role === 'field') return party ? d('h.field', { party }) : d('h.fieldAlone');
  if (who.role === 'coordinator') return party ? d('h.coordinator', { party }) : d('h.coordinatorAlone');
  if (who.role === 'reader') return party ? d('h.reader', { party }) : d('h.readerAlone');
  return party || d('h.unknown');
}
