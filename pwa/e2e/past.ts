/** A year of a small town, up to today: invented, always the same, and shaped like the work: evenings in the centre, a quiet July. */
import type { Value } from '../src/domain/event';
import type { House } from './house';
import type { Written } from './pen';

/** Month, day and clock of what was done, what it was and by whom: P police, K municipality, PK both. */
type Line = [when: string, minutes: number, place: string, who: 'P' | 'K' | 'PK', more?: Record<string, Value>];

const PATROLS: Line[] = [
  ['01-09 21:15', 40, 'Torget', 'P', { contacts: '1-5' }],
  ['01-24 20:30', 60, 'Busstationen', 'PK', { contacts: '6-20' }],
  ['02-06 21:00', 30, 'Torget', 'P'],
  ['02-20 22:10', 45, 'Busstationen', 'P', { contacts: '6-20' }],
  ['03-06 20:45', 60, 'Torget', 'PK', { contacts: '6-20', contact_types: ['youth'] }],
  ['03-13 21:30', 30, 'Parken', 'P'],
  ['03-27 21:00', 60, 'Torget', 'P', { contacts: '1-5' }],
  ['04-10 20:20', 45, 'Busstationen', 'P'],
  ['04-17 21:40', 30, 'Torget', 'PK', { contacts: '6-20' }],
  ['04-30 19:00', 120, 'Parken', 'PK', { contacts: '21-50', reason: 'event' }],
  ['05-08 21:10', 60, 'Torget', 'P', { contacts: '6-20' }],
  ['05-16 22:00', 30, 'Badplatsen', 'P'],
  ['05-22 20:30', 60, 'Torget', 'PK', { contacts: '6-20' }],
  ['06-05 21:30', 45, 'Parken', 'P'],
  ['06-12 20:00', 120, 'Skolgården', 'PK', { contacts: '21-50', contact_types: ['youth'] }],
  ['08-14 21:00', 60, 'Badplatsen', 'P', { contacts: '6-20' }],
  ['08-21 21:20', 30, 'Torget', 'P'],
  ['08-28 22:00', 60, 'Busstationen', 'PK', { contacts: '6-20' }],
  ['09-04 20:40', 45, 'Torget', 'P'],
  ['09-18 21:15', 60, 'Skolgården', 'PK', { contacts: '6-20' }],
  ['10-02 20:30', 30, 'Torget', 'P', { contacts: '1-5' }],
  ['10-09 21:00', 60, 'Busstationen', 'P'],
  ['10-16 21:45', 30, 'Torget', 'P'],
  ['10-31 19:30', 120, 'Parken', 'PK', { contacts: '21-50', reason: 'event' }],
  ['11-06 20:50', 45, 'Torget', 'P', { contacts: '6-20' }],
  ['11-13 21:30', 60, 'Busstationen', 'PK', { contacts: '6-20' }],
  ['11-19 21:10', 30, 'Torget', 'P', { contacts: '1-5' }],
  ['12-04 20:30', 60, 'Torget', 'PK', { contacts: '6-20' }],
  ['12-13 17:00', 60, 'Torget', 'P', { contacts: '21-50', reason: 'event' }],
];

const PREVENTION: Line[] = [
  ['02-11 18:00', 120, 'Skolgården', 'PK', { subtype: 'parent_meeting', audience: 'parents', audience_band: '21-50' }],
  ['03-18 09:00', 60, 'Skolgården', 'K', { subtype: 'school_information', audience: 'pupils', grade: '8' }],
  ['05-06 10:00', 60, 'Skolgården', 'PK', { subtype: 'lecture', audience: 'pupils', grade: '9' }],
  ['06-10 11:00', 120, 'Torget', 'K', { subtype: 'campaign', audience: 'public' }],
  ['09-09 18:00', 120, 'Skolgården', 'PK', { subtype: 'parent_meeting', audience: 'parents', audience_band: '>50' }],
  ['10-14 09:00', 60, 'Skolgården', 'K', { subtype: 'school_information', audience: 'pupils', grade: '7' }],
  ['11-11 13:00', 120, 'Skolgården', 'PK', { subtype: 'training', audience: 'staff' }],
];

const WALKS: Line[] = [
  [
    '05-19 19:00',
    120,
    'Parken',
    'PK',
    { stage: 'walk', light: 'daylight', 'groups:residents': 9, 'groups:youth': 3, 'groups:police': 2 },
  ],
  [
    '11-10 17:30',
    120,
    'Busstationen',
    'PK',
    { stage: 'walk', light: 'dark', 'groups:residents': 14, 'groups:property_owners': 3, 'groups:police': 2 },
  ],
];

const INTERVENTIONS: Line[] = [
  ['02-27 22:00', 120, 'Torget', 'P', { subtype: 'sober_driving' }],
  ['04-30 22:30', 120, 'Parken', 'P', { subtype: 'youth_party', parents_contacted: '1-5' }],
  ['06-12 21:30', 120, 'Badplatsen', 'PK', { subtype: 'youth_party', parents_contacted: '1-5' }],
  ['08-29 23:00', 60, 'Busstationen', 'P', { subtype: 'targeted' }],
  ['10-31 22:00', 120, 'Parken', 'P', { subtype: 'targeted' }],
];

const MEETINGS = ['01-20', '02-17', '03-17', '04-21', '05-19', '06-09', '08-25', '09-22', '10-20', '11-17'];

const NAMES = { P: ['police'], K: ['municipality'], PK: ['police', 'municipality'] };

/** Local time with the offset that holds in Sweden then. */
function moment(when: string, year: number): string {
  const [day = '', clock = ''] = when.split(' ');
  const date = new Date(`${year}-${day}T12:00Z`);
  const there = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Stockholm', hour: 'numeric' }).format(date);
  return `${year}-${day}T${clock}+0${Number(there) - 12}:00`;
}

/** Writes the year so far, by an officer and by one at the municipality. */
export async function writePast(house: House, now = new Date()): Promise<void> {
  const year = now.getFullYear();
  const [officer, colleague] = [await house.pen('Kim Lind', 'police'), await house.pen('Alex Berg', 'municipality')];
  const places = await officer.places();
  const lines = (kind: string, of: Line[]) =>
    of.map(([when, minutes, place, who, more]) => ({
      who,
      kind,
      set: { started_at: moment(when, year), minutes, place: places.get(place) ?? null, parties: NAMES[who], ...more },
    }));
  const meetings = MEETINGS.map((day) => ({
    who: 'K',
    kind: 'youth_collaboration',
    set: { started_at: moment(`${day} 13:00`, year), minutes: 60, forum: 'sspf', meetings: 1, parties: NAMES.PK },
  }));
  const all = [
    ...lines('foot_patrol', PATROLS),
    ...lines('andt_prevention', PREVENTION),
    ...lines('safety_walk', WALKS),
    ...lines('andt_intervention', INTERVENTIONS),
    ...meetings,
  ].filter((e) => Date.parse(e.set.started_at) < now.getTime());
  const plain = (of: typeof all): Written[] => of.map(({ kind, set }) => ({ kind, set }));
  await officer.write(plain(all.filter((e) => e.who === 'P')));
  await colleague.write(plain(all.filter((e) => e.who !== 'P')));
}
