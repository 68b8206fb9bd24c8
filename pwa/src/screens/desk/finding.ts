/**
 * The sentence that stands first and says how it goes. It is made of the figures alone and says nothing that they do not:
 * where the promise has numbers it says what follows the plan and what does not; where it has none it says what was done.
 * Each number in it leads to the entries behind.
 */
import type { FollowUp, MeasureFigures } from '../../api/desk';
import { civil, dateLong, isoDay, language } from '../../text';
import { d, type DeskKey } from '../../text/desk';
import { to } from './route';
import { capital, inWords, isCalendarYear, yearInSentence } from './words';

/** A piece of the sentence: plain, strong, or a link. */
export type Part = { text: string; strong?: true; href?: string };

type Phase = 'before' | 'during' | 'after';
type Measures = readonly MeasureFigures[];

/** Where the server's today is in the year that is shown. */
export function phaseOf(f: Pick<FollowUp, 'now' | 'year'>): Phase {
  const today = isoDay(civil(f.now));
  if (today < f.year.from) return 'before';
  return today > f.year.to ? 'after' : 'during';
}

/** How much of the year has passed, today included: the place of the today stroke; null outside the year. */
export function shareOf(f: Pick<FollowUp, 'now' | 'year'>): number | null {
  if (phaseOf(f) !== 'during') return null;
  const day = (iso: string) => Date.parse(`${iso}T00:00Z`) / 86_400_000;
  const from = day(f.year.from);
  return (day(isoDay(civil(f.now))) - from + 1) / (day(f.year.to) - from + 1);
}

/** The sentence, as pieces in reading order. */
export function findingOf(f: FollowUp): Part[] {
  const when = phaseOf(f);
  if (when === 'before') return [plain(d('find.notBegun', { date: dateLong(f.year.from) }))];
  const numbered = f.measures.some((m) => m.target.type === 'count');
  return numbered ? judged(f, when) : counted(f, when);
}

function judged(f: FollowUp, when: Phase): Part[] {
  const clauses = f.measures.map((m) => clauseOf(f, m)).filter((c) => c.length > 0);
  if (clauses.length === 0) return [plain(standing(f.measures, when))];
  const rest = clauses.flatMap((c, i) =>
    i === 0 ? c : [plain(i === clauses.length - 1 ? d('find.and') : ', '), ...c],
  );
  return [plain(`${standing(f.measures, when)} `), ...rest, plain('.')];
}

function standing(measures: Measures, when: Phase): string {
  const on = measures.filter((m) => m.verdict === 'met' || (when === 'during' && m.verdict === 'on_track')).length;
  const all = { on: capital(inWords(on)), all: inWords(measures.length) };
  if (when === 'after') {
    if (on === measures.length) return on === 1 ? d('find.metOne') : d('find.metAll', all);
    return on === 0 ? d('find.metNone', all) : d('find.met', { n: on, ...all });
  }
  if (on === measures.length) return on === 1 ? d('find.planOne') : d('find.planAll', all);
  return on === 0 ? d('find.planNone', all) : d('find.plan', all);
}

/** What a measure that is not as planned is said to be; nothing for the others. */
function clauseOf(f: FollowUp, m: MeasureFigures): Part[] {
  const name: Part = { text: nameOf(m), strong: true };
  const href = to.entries({ measure: m.e, year: f.year.n });
  if (m.verdict === 'behind')
    return weave('find.behind', { name, n: { text: inWords((m.expected ?? 0) - m.done), href } });
  if (m.verdict === 'not_met')
    return weave('find.notMet', { name, n: { text: d('m.of', { n: m.done, m: m.target.min ?? 0 }), href } });
  if (m.verdict === 'unmeasurable') return weave('find.unmeasurable', { name });
  return m.verdict === undefined ? weave('find.noNumber', { name }) : [];
}

function counted(f: FollowUp, when: Phase): Part[] {
  const said = [plain(`${d('find.effort')} `)];
  const thisYear = when === 'during' && isCalendarYear(f.year);
  if (f.measures.every((m) => m.done === 0)) {
    return [...said, plain(thisYear ? d('find.none') : d('find.noneIn', { year: yearInSentence(f.year) }))];
  }
  const list = listOf(
    f.measures.map((m) => ({ text: amountOf(m), href: to.entries({ measure: m.e, year: f.year.n }) })),
  );
  const key = thisYear ? 'find.soFar' : when === 'during' ? 'find.soFarIn' : 'find.in';
  said.push(...weave(key, { list, year: plain(yearInSentence(f.year)) }));
  const vague = f.measures.filter((m) => m.verdict === 'unmeasurable');
  for (const m of vague)
    said.push(plain(' '), ...weave('find.unmeasurable', { name: { text: nameOf(m), strong: true } }), plain('.'));
  return said;
}

export const nameOf = (m: MeasureFigures): string => m.short || m.title;

const NOUNS = ['foot_patrol', 'andt_prevention', 'safety_walk', 'andt_intervention', 'youth_collaboration'] as const;

/** "21 fotpatruller"; of a kind that the desk has no word for, its measure's name and the number. */
function amountOf(m: MeasureFigures): string {
  const noun = NOUNS.find((kind) => m.kinds.length === 1 && kind === m.kinds[0]);
  return noun ? d(`noun.${noun}`, { n: m.done }) : d('find.named', { name: nameOf(m), n: m.done });
}

const plain = (text: string): Part => ({ text });

function listOf(parts: Part[]): Part[] {
  const format = new Intl.ListFormat(language() === 'sv' ? 'sv-SE' : 'en-GB', { type: 'conjunction' });
  return format
    .formatToParts(parts.map((_, i) => String(i)))
    .map((p) => (p.type === 'element' ? (parts[Number(p.value)] as Part) : plain(p.value)));
}

/** A sentence of the catalogue with pieces in its places. The places are marked with characters that no text has. */
function weave(key: DeskKey, pieces: Record<string, Part | Part[]>): Part[] {
  const marks = Object.fromEntries(Object.keys(pieces).map((name) => [name, `\uE000${name}\uE000`]));
  const sentence = (d as (key: DeskKey, given: Record<string, string>) => string)(key, marks);
  return sentence
    .split('\uE000')
    .flatMap((text, i) => (i % 2 === 0 ? (text ? [plain(text)] : []) : (pieces[text] ?? [])));
}
