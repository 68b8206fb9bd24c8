/** Places of the town for tests: three that are offered, one that is closed, and one that a phone proposes. */
import type { PlacesReply } from '../../api/desk';
import type { Value } from '../../domain/event';
import { id, ME, NOW, PARTIES } from './testkit';

type State = PlacesReply['places'][number]['st'];

const state = (n: number, fields: Record<string, Value>): State => ({
  t: 'place',
  kind: null,
  parent: null,
  by: ME.account,
  f: Object.fromEntries(
    Object.entries(fields).map(([f, v]) => [f, { h: [{ id: id(n), eff: '019000000000-0000', inc: id(1), n, v }] }]),
  ),
});
const place = (n: number, done: number, fields: Record<string, Value>) => ({
  e: id(n),
  st: state(n, fields),
  stands_for: id(n),
  done,
});

export const places = (): PlacesReply => ({
  places: [
    place(701, 9, { name: 'Torget', form: 'square', order: 0, lat: 5_983_870, lon: 1_354_380 }),
    place(702, 5, { name: 'Parken', form: 'park', order: 1, lat: 5_984_050, lon: 1_353_990 }),
    place(703, 0, { name: 'Skolan', form: 'school', order: 2 }),
    place(704, 1, { name: 'Kiosken', form: 'shop', order: 3, retracted: 'Riven.' }),
  ],
  proposals: [
    {
      e: id(711),
      st: state(711, { name: 'Bron', form: 'tunnel', lat: 5_983_870, lon: 1_354_580 }),
      why: 'right',
      received: NOW - 3_600_000,
      role: 'field',
      party: 'police',
      done: 2,
    },
  ],
  decisions: null,
  parties: PARTIES,
  now: NOW,
});
