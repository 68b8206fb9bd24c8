/** A slip in words. */
import type { FieldApp, Snapshot } from '../../domain/app';
import { agrees, countOf, type SlipDay, type SlipLine, type Span } from '../../domain/slip';
import { circleCheck, clock, triangleAlert } from '../../parts/icons';
import { number } from '../../text';
import { tm } from '../../text/more';
import { kindOf, titleOf } from './entries';
import { whyWords } from './told';

/** How a day stands, in a sign and a few words. */
export function standingOf(day: SlipDay): { sign: string; words: string } {
  const same = agrees(day);
  if (same === null) return { sign: clock, words: tm('slip.unknown') };
  return same ? { sign: circleCheck, words: tm('slip.agrees') } : { sign: triangleAlert, words: tm('slip.differs') };
}

/** "2, 5–7" */
export const spansWords = (spans: readonly Span[]): string =>
  spans.map(({ from, to }) => (from === to ? number(from) : `${number(from)}–${number(to)}`)).join(', ');

/** The numbers that never came, as a sentence; empty when none are missing. */
export const missingWords = (spans: readonly Span[]): string =>
  spans.length > 0 ? tm('slip.missing', { n: countOf(spans), list: spansWords(spans) }) : '';

const APART = ['erased', 'change', 'other', 'retracted', 'double', 'undated'] as const;

/** Why an event is on the list. */
export function lineWords({ what, why }: SlipLine): string {
  if (what === 'refused') return `${tm('slip.refused')} ${whyWords(why ?? undefined)}`;
  if (what === 'waits' || what === 'lost') return tm(`slip.${what}`);
  const apart = APART.find((one) => one === why);
  const reason = why === null ? '' : apart ? tm(`slip.why.${apart}`) : whyWords(why);
  return what === 'elsewhere' ? `${tm('slip.elsewhere')} ${reason}`.trim() : reason;
}

/** What an event is of, where the phone knows it. */
export function lineTitle(s: Snapshot, { e, n }: SlipLine): string {
  const entry = s.entries.find((x) => x.e === e);
  const of = entry && titleOf(s, entry.kind, entry.values);
  return [tm('slip.line', { n }), of && kindOf(s, entry.kind) ? of : ''].filter(Boolean).join(': ');
}

export type Told = { lines: SlipLine[]; changes: number };

/** What there is to say of a day; changes that arrived are only counted. Null when the server could not be asked. */
export async function askLines(app: FieldApp, { inc, day }: SlipDay): Promise<Told | null> {
  const lines = await app.proof().then(({ slips }) => slips.lines(inc, day));
  if (!lines) return null;
  const plain = (line: SlipLine) => line.what === 'uncounted' && line.why === 'change';
  return { lines: lines.filter((line) => !plain(line)), changes: lines.filter(plain).length };
}
