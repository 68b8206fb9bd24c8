/** The slip of a phone in the desk's words. */
import type { DeskPerson, DeskPhone } from '../../api/desk';
import { daysOf, eventsOf, type SlipReply } from '../../api/slip';
import { countOf, type ServerDay, type ServerEvent, type Span } from '../../domain/slip';
import { number } from '../../text';
import { d } from '../../text/desk';
import { whyWords } from './facts';

/** A day with how many the phone has numbered, as far as the numbers that came say. */
export type Day = ServerDay & { created: number };

/** The days, the newest first. */
export const slipDays = (reply: SlipReply): Day[] =>
  daysOf(reply).map((day) => ({ ...day, created: day.received.n + countOf(day.missing) }));

/** The person and the phone of an installation. */
export function phoneOf(people: readonly DeskPerson[], inc: string): { person: DeskPerson; phone: DeskPhone } | null {
  for (const person of people) {
    const phone = person.phones.find(({ incs }) => incs.includes(inc));
    if (phone) return { person, phone };
  }
  return null;
}

/** What does not count of a day, and how many changes are counted with their entries. */
export function uncountedOf(reply: SlipReply): { lines: ServerEvent[]; changes: number } {
  const events = eventsOf(reply).filter(({ why }) => why !== null);
  const lines = events.filter(({ why }) => why !== 'change');
  return { lines, changes: events.length - lines.length };
}

/** "Nummer 5–6 har aldrig kommit fram." */
export function missingWords(spans: readonly Span[]): string {
  if (spans.length === 0) return d('sl.whole');
  const list = spans.map(({ from, to }) => (from === to ? number(from) : `${number(from)}–${number(to)}`));
  return d('sl.missing', { n: countOf(spans), list: list.join(', ') });
}

const APART = ['erased', 'change', 'other', 'retracted', 'double', 'undated'] as const;

/** Why an event does not count. */
export function reasonWords(why: string | null): string {
  const apart = APART.find((one) => one === why);
  return apart ? d(`sl.why.${apart}`) : whyWords(why ?? '');
}
