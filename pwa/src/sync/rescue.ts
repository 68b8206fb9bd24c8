/** The rescue file: a person's own events, so that they are in two places. A colleague's on the same phone are not theirs to take. */
import type { RescueFile } from '../domain/app';
import { dayOfMillis } from '../domain/local';
import type { OwnEvents } from './view';

export function rescueFile({ byEntity }: OwnEvents, town: string, made: number): RescueFile {
  const mine = [...byEntity.values()].flat().filter(({ row }) => row.bytes !== '');
  const events = mine.map(({ row: { id, inc, n, seal, bytes, state } }) => ({ id, inc, n, seal, ev: bytes, state }));
  const text = JSON.stringify({ lofteslogg: 'rescue', v: 1, town, made, events }, null, 1);
  return { name: `lofteslogg-${dayOfMillis(made)}.json`, text, count: events.length };
}
