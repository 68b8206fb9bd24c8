/**
 * The catalogue of kinds, read from the state of its entity as docs/api/kinds.md has it. What cannot be read is skipped, so that an
 * older app lives with a newer catalogue.
 */
import type { Choice, FieldKind, Kind, Measure, Offered, Party, Place, Pledge } from './app';
import type { Value } from './event';
import { isRetracted, order, type State, textOf, valueOf } from './state';

const FORMS = ['moment', 'duration', 'place', 'parties', 'count', 'counts', 'band', 'choice', 'choices', 'text'];
const SIGHTS = ['own', 'field', 'restricted'];

type Loose = Record<string, unknown>;

/** An entity of type catalog: the kinds in their order, and the parties by slug. */
export function readCatalog(s: State): { version: number; kinds: Kind[]; parties: Party[] } {
  const kinds = entries(s, 'kind:').flatMap(([slug, doc]) => readKind(slug, doc));
  const rank = textsOf(valueOf(s, 'parties'));
  const placeOf = (slug: string) => (rank.includes(slug) ? rank.indexOf(slug) : rank.length);
  const parties = entries(s, 'party:').map(([slug, doc]) => ({
    slug,
    sv: word(doc.sv, slug),
    en: word(doc.en, slug),
    ...until(doc),
  }));
  parties.sort((a, b) => placeOf(a.slug) - placeOf(b.slug) || order(a.slug, b.slug));
  return {
    version: wholeOf(valueOf(s, 'version')) ?? 0,
    kinds: kinds.sort((a, b) => a.order - b.order || order(a.slug, b.slug)),
    parties,
  };
}

/** An entity of type place. One that is taken back is closed: not offered any more, and still the name of what was logged there. */
export function readPlace(e: string, s: State): Place {
  const degrees = (field: string) => {
    const whole = wholeOf(valueOf(s, field));
    return whole === null ? null : whole / 1e5;
  };
  const rank = wholeOf(valueOf(s, 'order')) ?? 0;
  const [sameAs, said] = [textOf(s, 'same_as'), textOf(s, 'retracted')];
  return {
    e,
    name: textOf(s, 'name'),
    form: textOf(s, 'form'),
    lat: degrees('lat'),
    lon: degrees('lon'),
    order: rank,
    ...(isRetracted(s) && { is: 'closed', said }),
    ...(sameAs && { sameAs }),
  };
}

/** An entity of type pledge. */
export function readPledge(e: string, s: State): Pledge {
  const text = (field: string) => textOf(s, field);
  const days = { from: text('from'), to: text('to'), signedOn: text('signed_on') };
  return {
    e,
    title: text('title'),
    promise: text('promise'),
    situationPicture: text('situation_picture'),
    forum: text('forum'),
    ...days,
  };
}

/** An entity of type measure; its figures come from the tally and from the outbox. */
export function readMeasure(e: string, s: State): Omit<Measure, 'done' | 'mine'> & { order: number } {
  const min = wholeOf(valueOf(s, 'min'));
  return {
    e,
    title: textOf(s, 'title'),
    short: textOf(s, 'short'),
    responsible: textsOf(valueOf(s, 'responsible')),
    kinds: textsOf(valueOf(s, 'kinds')),
    target: min === null ? { type: textOf(s, 'target') } : { type: textOf(s, 'target'), min },
    order: wholeOf(valueOf(s, 'order')) ?? 0,
  };
}

/** The texts of a list, or none. */
export const textsOf = (value: Value): string[] =>
  Array.isArray(value) ? value.filter((v): v is string => typeof v === 'string') : [];

const wholeOf = (value: Value): number | null => (typeof value === 'number' ? value : null);
const word = (text: unknown, instead: string): string => (typeof text === 'string' ? text : instead);

function entries(s: State, prefix: string): [string, Loose][] {
  return Object.keys(s.f)
    .filter((name) => name.startsWith(prefix))
    .flatMap((name) => {
      const doc = parse(textOf(s, name));
      return doc ? [[name.slice(prefix.length), doc] as [string, Loose]] : [];
    });
}

function parse(text: string): Loose | null {
  try {
    const doc: unknown = JSON.parse(text);
    return isLoose(doc) ? doc : null;
  } catch {
    return null; // emptied, or written by something newer: the kind is not offered
  }
}

const isLoose = (doc: unknown): doc is Loose => typeof doc === 'object' && doc !== null && !Array.isArray(doc);

function readKind(slug: string, doc: Loose): Kind[] {
  const { sv, en, fields, order: rank } = doc;
  if (!isLoose(sv) || !isLoose(en) || !Array.isArray(fields) || !SIGHTS.includes(doc.sight as string)) return [];
  const sight = doc.sight as Kind['sight'];
  const known = fields.flatMap(readField);
  return [
    {
      slug,
      sv,
      en,
      icon: word(doc.icon, ''),
      sight,
      order: typeof rank === 'number' ? rank : 0,
      // About youth at risk nothing can be written, whatever a catalogue says.
      fields: sight === 'restricted' ? known.filter((f) => f.as !== 'text') : known,
      ...until(doc),
    },
  ];
}

function readField(doc: unknown): FieldKind[] {
  if (!isLoose(doc) || typeof doc.f !== 'string') return [];
  const { f, as, choices, sv, en, min, max } = doc;
  return [
    {
      f,
      as: FORMS.includes(as as string) ? (as as FieldKind['as']) : 'other',
      ...(doc.need === true && { need: true }),
      ...(doc.keep === true && { keep: true }),
      ...(typeof min === 'number' && { min }),
      ...(typeof max === 'number' && { max }),
      ...(Array.isArray(choices) && { choices: choices.filter(isChoice) }),
      ...(isLoose(sv) && { sv }),
      ...(isLoose(en) && { en }),
      ...until(doc),
    },
  ];
}

const isChoice = (c: unknown): c is number | Choice => typeof c === 'number' || (isLoose(c) && typeof c.v === 'string');
const until = (doc: Loose): Offered => (typeof doc.until === 'number' && doc.until > 0 ? { until: doc.until } : {});

/** Whether it is still offered. */
export const isOffered = (of: Offered): boolean => of.until === undefined;

/** The registers that a field writes: its own, or of counts one for each of its answers. */
export const registersOf = (f: FieldKind): string[] =>
  f.as === 'counts' ? (f.choices ?? []).flatMap((c) => (typeof c === 'number' ? [] : `${f.f}:${c.v}`)) : [f.f];
