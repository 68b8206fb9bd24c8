/** What the figures of a measure lead to and are called. A link has the filters under which the entries make that very figure. */
import type { FollowUp, MeasureFigures } from '../../api/desk';
import { d } from '../../text/desk';
import { to } from './route';
import { partyName, together } from './words';

type Measure = Pick<MeasureFigures, 'e' | 'parties'>;
type Of = Pick<FollowUp, 'year' | 'parties'>;

const VERDICTS = {
  met: 'met',
  on_track: 'onTrack',
  behind: 'behind',
  not_met: 'notMet',
  unmeasurable: 'unmeasurable',
} as const;

/** How a measure stands, or null where the promise has nothing to judge by. */
export const verdictOf = (m: Pick<MeasureFigures, 'verdict'>): (typeof VERDICTS)[keyof typeof VERDICTS] | null =>
  m.verdict ? (VERDICTS[m.verdict] ?? null) : null;

/** The entries behind a measure's number in the year, or in one month or of one party of it. */
export const entriesOf = (
  of: Pick<Of, 'year'>,
  m: Pick<Measure, 'e'>,
  more: { month?: string; party?: string } = {},
): string => to.entries({ measure: m.e, year: of.year.n, ...more });

/** The number by party; entries that no party is named in are asked for as `none`. */
export function byParty(of: Of, m: Measure): { slug: string; name: string; done: number; href: string }[] {
  return m.parties.map((p) => ({
    slug: p.party,
    name: partyName(of.parties, p.party),
    done: p.done,
    href: entriesOf(of, m, { party: p.party || 'none' }),
  }));
}

/** Polisen och kommunen, om underrättelseläget medger */
export function whoOf(of: Pick<Of, 'parties'>, m: Pick<MeasureFigures, 'responsible' | 'condition'>): string {
  const who = together(m.responsible.map((slug) => partyName(of.parties, slug)));
  return m.condition ? d('m.conditioned', { who, condition: m.condition }) : who;
}

/** The highest month of all the measures, at least one: the scale that they share. */
export const mostOf = (measures: readonly MeasureFigures[]): number =>
  Math.max(1, ...measures.flatMap((m) => m.months.map((month) => month.done)));

/** What changed between two looks at the figures, for those who listen. */
export function newsOf(before: FollowUp, after: FollowUp, name: (m: MeasureFigures) => string): string {
  const changed = after.measures.filter((m) => before.measures.find((b) => b.e === m.e)?.done !== m.done);
  if (changed.length > 2) return d('live.changed');
  if (changed.length > 0) return changed.map((m) => d('live.counted', { what: name(m), n: m.done })).join(' ');
  return before.entries === after.entries ? '' : d('live.changed');
}
