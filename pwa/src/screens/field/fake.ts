/**
 * A field app without a journal or a network, for tests and for looking at screens. It keeps the promises that FieldApp
 * makes to screens: a snapshot at once and at each change, a draft's id written once. Never part of what is built.
 */
import type {
  Choices,
  CodeInfo,
  Door,
  Draft,
  EnrolResult,
  EnterResult,
  Entry,
  FieldApp,
  HistoryLine,
  Kind,
  NewPlace,
  Place,
  Proof,
  PersonsHere,
  SaveResult,
  Seat,
  Session,
  Snapshot,
} from '../../domain/app';
import { isRunning, type RunningDraft } from '../../domain/run';

const text = (f: string, sv: string, en: string) => ({ f, sv: { label: sv }, en: { label: en } });

export const KINDS: Kind[] = [
  {
    slug: 'foot_patrol',
    sv: { name: 'Fotpatrull', start: 'Starta fotpatrull' },
    en: { name: 'Foot patrol', start: 'Start foot patrol' },
    icon: 'footprints',
    sight: 'own',
    order: 1,
    fields: [
      { f: 'started_at', as: 'moment', need: true },
      { f: 'minutes', as: 'duration', need: true, choices: [15, 30, 60, 120] },
      { f: 'place', as: 'place', need: true, keep: true },
      { f: 'parties', as: 'parties', need: true, keep: true },
      { ...text('people_out', 'Antal personer ute', 'People out'), as: 'count', min: 1, max: 20, keep: true },
      {
        ...text('contacts', 'Kontakter', 'Contacts'),
        as: 'band',
        choices: [{ v: '0' }, { v: '1-5' }, { v: '6-20' }, { v: '21-50' }, { v: '>50' }],
      },
      {
        ...text('topics', 'Vad tog folk upp?', 'What did people raise?'),
        as: 'choices',
        choices: [
          { v: 'light', sv: 'Belysning', en: 'Lighting' },
          { v: 'traffic', sv: 'Trafik', en: 'Traffic' },
          { v: 'drugs', sv: 'Droger', en: 'Drugs' },
        ],
      },
      { f: 'note', as: 'text', max: 280 },
    ],
  },
  {
    slug: 'safety_walk',
    sv: { name: 'Trygghetsvandring' },
    en: { name: 'Safety walk' },
    icon: 'route',
    sight: 'field',
    order: 2,
    fields: [
      { f: 'started_at', as: 'moment', need: true },
      { f: 'minutes', as: 'duration', need: true, choices: [60, 90, 120] },
      { f: 'place', as: 'place', need: true },
      {
        ...text('groups', 'Deltagare', 'Participants'),
        as: 'counts',
        max: 200,
        choices: [
          { v: 'residents', sv: 'Boende', en: 'Residents' },
          { v: 'police', sv: 'Polisen', en: 'The police' },
        ],
      },
      { ...text('route', 'Runda eller område', 'Route or area'), as: 'text', max: 120 },
      { ...text('participants', 'Antal deltagare', 'Participants'), as: 'count', min: 0, max: 200, until: 2 },
      { f: 'note', as: 'text', max: 280 },
    ],
  },
  {
    slug: 'andt_prevention',
    sv: { name: 'ANDT, förebyggande' },
    en: { name: 'Drugs, prevention' },
    icon: 'megaphone',
    sight: 'own',
    order: 3,
    fields: [
      { f: 'started_at', as: 'moment', need: true },
      {
        ...text('form', 'Vad gjordes?', 'What was done?'),
        as: 'choice',
        need: true,
        choices: [
          { v: 'parents', sv: 'Föräldramöte', en: 'Parents’ meeting' },
          { v: 'school', sv: 'Skolinformation', en: 'School information' },
        ],
      },
      { f: 'place', as: 'place' },
      { f: 'parties', as: 'parties', need: true },
    ],
  },
  {
    slug: 'andt_action',
    sv: { name: 'ANDT, insats' },
    en: { name: 'Drugs, action' },
    icon: 'shield-check',
    sight: 'own',
    order: 4,
    fields: [
      { f: 'started_at', as: 'moment', need: true },
      { f: 'minutes', as: 'duration', need: true, choices: [30, 60, 90, 120] },
      { f: 'place', as: 'place', need: true },
    ],
  },
  {
    slug: 'youth_risk',
    sv: { name: 'Unga i riskzon' },
    en: { name: 'Youth at risk' },
    icon: 'handshake',
    sight: 'restricted',
    order: 5,
    fields: [
      { f: 'started_at', as: 'moment', need: true },
      { f: 'parties', as: 'parties', need: true },
    ],
  },
];

const PLACES = [
  'Torget',
  'Busstationen',
  'Skolgården',
  'Parken',
  'Biblioteket',
  'Idrottsplatsen',
  'Badplatsen',
  'Ungdomsgården',
];
const PARTIES = [
  { slug: 'police', sv: 'Polisen', en: 'The police' },
  { slug: 'municipality', sv: 'Kommunen', en: 'The municipality' },
  { slug: 'walkers', sv: 'Nattvandrare', en: 'Night walkers' },
  { slug: 'school', sv: 'Skolan', en: 'The school' },
  { slug: 'shops', sv: 'Handlarna', en: 'The shops' },
];

/** A town in its second promise year, at a fixed minute: Friday 20 November 2026, 22.02. */
export const NOW = Date.parse('2026-11-20T22:02+01:00');

const minutesAgo = (n: number) => NOW - n * 60_000;

export function someEntries(): Entry[] {
  const made = (e: string, kind: string, values: Entry['values'], more: Partial<Entry> = {}): Entry => ({
    e,
    kind,
    values,
    state: 'received',
    retracted: null,
    savedAt: NOW,
    mine: true,
    unsent: 0,
    ...more,
  });
  return [
    made(
      'e1',
      'foot_patrol',
      {
        started_at: '2026-11-20T21:10+01:00',
        minutes: 40,
        place: 'p0',
        parties: ['police'],
        people_out: 2,
        contacts: '1-5',
        topics: ['light'],
      },
      { state: 'saved', unsent: 1, savedAt: minutesAgo(12) },
    ),
    made(
      'e2',
      'andt_action',
      { started_at: '2026-11-18T19:55+01:00', minutes: 90, place: 'p1' },
      { state: 'action', why: 'future' },
    ),
    made('e3', 'andt_prevention', {
      started_at: '2026-11-17T18:00+01:00',
      form: 'parents',
      place: 'p2',
      parties: ['police', 'municipality'],
    }),
    made(
      'e4',
      'foot_patrol',
      { started_at: '2026-11-16T16:05+01:00', minutes: 25, place: 'p3', parties: ['police'] },
      { state: 'flagged', why: 'right' },
    ),
    made(
      'e5',
      'youth_risk',
      { started_at: '2026-11-02T10:00+01:00', parties: ['police'] },
      { retracted: 'Loggad två gånger' },
    ),
  ];
}

export function snapshot(more: Partial<Snapshot> = {}): Snapshot {
  const measure = (
    e: string,
    short: string,
    kinds: string[],
    responsible: string[],
    min: number | undefined,
    done: number | null,
    mine = 0,
  ) => ({
    e,
    title: short,
    short,
    responsible,
    kinds,
    target: min === undefined ? { type: 'effort' } : { type: 'count', min },
    done,
    mine,
  });
  return {
    session: {
      account: 'a1',
      name: 'Kim Exempel',
      party: 'police',
      role: 'field',
      town: { id: 't1', name: 'Munkfors', slug: 'munkfors' },
    },
    kinds: KINDS,
    places: PLACES.map((name, i) => ({ e: `p${i}`, name, form: 'square', lat: null, lon: null, order: i })),
    parties: PARTIES,
    pledge: {
      e: 'l1',
      title: 'Medborgarlöftet 2025–2026',
      promise:
        'Polisen och Munkfors kommun lovar att under två år aktivt och tillsammans jobba för att motverka droganvändningen bland unga.',
      situationPicture: 'En enkät visade på att man ville ha en mer synlig och närvarande polis i Munkfors.',
      from: '2025-01-01',
      to: '2026-12-31',
      forum: 'Folkhälsorådet',
      signedOn: '2024-12-12',
    },
    measures: [
      measure('m1', 'Fotpatrull i centrum', ['foot_patrol'], ['police'], 24, 20, 1),
      measure('m2', 'Insatser mot ANDT-brott', ['andt_action'], ['police'], 10, 6),
      measure('m3', 'ANDT-förebyggande', ['andt_prevention'], ['police', 'municipality'], 8, 7),
      measure('m4', 'Trygghetsvandring', ['safety_walk'], ['municipality'], 2, 2),
      measure('m5', 'Unga i riskzon', ['youth_risk'], ['police', 'municipality'], undefined, 11),
    ],
    entries: someEntries(),
    closed: false,
    sync: {
      unsent: 1,
      others: 0,
      oldest: minutesAgo(12),
      action: 0,
      phase: 'idle',
      allSentAt: minutesAgo(64),
      restored: false,
    },
    storage: { persisted: true, used: 14_000_000, quota: 2_000_000_000 },
    updateReady: false,
    drafts: 0,
    ...more,
  };
}

/** Named states to look at. */
export function scenes(name: string): Snapshot {
  const usual = snapshot();
  switch (name) {
    case 'enrol':
      return { ...usual, session: null };
    case 'new':
      return {
        ...usual,
        entries: [],
        measures: usual.measures.map((m) => ({ ...m, done: null, mine: 0 })),
        sync: { ...usual.sync, unsent: 0, oldest: null, allSentAt: null },
      };
    case 'sent':
      return {
        ...usual,
        entries: usual.entries
          .filter((e) => e.state !== 'action')
          .map((e) => ({ ...e, state: 'received' as const, unsent: 0 })),
        sync: { ...usual.sync, unsent: 0, oldest: null },
      };
    case 'stuck':
      return {
        ...usual,
        updateReady: true,
        storage: { persisted: false, used: 1_960_000_000, quota: 2_000_000_000 },
        sync: {
          ...usual.sync,
          unsent: 3,
          oldest: minutesAgo(130),
          action: 1,
          phase: 'waiting',
          waiting: { why: 'server', until: NOW + 40_000 },
          restored: true,
        },
      };
    case 'amber':
      return {
        ...usual,
        sync: {
          ...usual.sync,
          unsent: 3,
          oldest: minutesAgo(130),
          phase: 'waiting',
          waiting: { why: 'server', until: NOW + 40_000 },
        },
      };
    case 'signin':
      return { ...usual, sync: { ...usual.sync, phase: 'signin' } };
    default:
      return usual;
  }
}

export class FakeField implements FieldApp, Door {
  readonly kept: Draft[] = [];
  readonly saved: Draft[] = [];
  readonly calls: string[] = [];
  /** What the next save gives; ok when null. */
  refuse: Extract<SaveResult, { ok: false }> | null = null;
  code: CodeInfo = {
    ok: true,
    role: 'field',
    town: { id: 't1', name: 'Munkfors', slug: 'munkfors' },
    until: NOW + 13 * 60_000,
    parties: PARTIES,
    account: null,
    name: '',
    party: '',
  };
  enrolled: EnrolResult = { ok: true };
  update = true;
  #made = 0;
  #listeners = new Set<(s: Snapshot) => void>();

  constructor(public snap: Snapshot = snapshot()) {}

  show(more: Partial<Snapshot>): void {
    this.snap = { ...this.snap, ...more };
    this.#listeners.forEach((fn) => fn(this.snap));
  }
  subscribe(fn: (s: Snapshot) => void): () => void {
    this.#listeners.add(fn);
    fn(this.snap);
    return () => this.#listeners.delete(fn);
  }
  async whole(): Promise<void> {}
  async lookAtCode(code: string): Promise<CodeInfo> {
    this.calls.push(`look ${code}`);
    return this.code;
  }
  async enrol(code: string, name: string, party: string, pin = ''): Promise<EnrolResult> {
    this.calls.push(`enrol ${code} ${name} ${party} ${pin}`.trim());
    if (this.enrolled.ok) this.show({ session: snapshot().session });
    return this.enrolled;
  }
  here: PersonsHere = { persons: [], waiting: 0 };
  /** What showing a code gives. */
  shown: EnterResult = { ok: true };
  async persons(): Promise<PersonsHere> {
    return this.here;
  }
  async enter(seat: Seat, pin: string): Promise<EnterResult> {
    this.calls.push(`enter ${seat.account} ${pin}`);
    if (this.shown.ok)
      this.show({ closed: false, session: { ...(snapshot().session as Session), account: seat.account } });
    return this.shown;
  }
  async shut(): Promise<void> {
    this.calls.push('shut');
    this.show({ session: null, closed: true });
  }
  async changeCode(before: string, pin: string | null): Promise<EnterResult> {
    this.calls.push(`code ${before} ${pin ?? '-'}`);
    return this.shown;
  }
  async signOut(): Promise<void> {
    this.calls.push('signOut');
    this.show({ session: null });
  }
  async door(): Promise<Door> {
    return this;
  }
  choices(): Choices {
    return {};
  }
  async keepChoice(what: string, value: string | null): Promise<void> {
    this.calls.push(`choose ${what} ${value ?? '-'}`);
  }
  async newDraft(kind: string): Promise<Draft> {
    const last = this.snap.entries.find((e) => e.kind === kind && e.mine);
    const fields = this.snap.kinds.find((k) => k.slug === kind)?.fields ?? [];
    const values = Object.fromEntries(
      fields.filter((f) => f.keep && last?.values[f.f] !== undefined).map((f) => [f.f, last?.values[f.f] ?? null]),
    );
    return {
      id: `d${++this.#made}`,
      kind,
      e: null,
      values,
      base: {},
      focus: null,
      at: NOW,
    };
  }
  async correctionDraft(e: string): Promise<Draft> {
    const entry = this.snap.entries.find((x) => x.e === e);
    if (!entry) throw new Error(`no entry ${e}`);
    return {
      id: `c${++this.#made}-${e}`,
      kind: entry.kind,
      e,
      values: { ...entry.values },
      base: {},
      focus: null,
      at: NOW,
    };
  }
  async drafts(): Promise<Draft[]> {
    return structuredClone(this.kept);
  }
  async run(d: RunningDraft): Promise<RunningDraft> {
    const runs = this.kept.find(isRunning);
    if (!runs) await this.keepDraft(d);
    return structuredClone(runs ?? d);
  }
  async keepDraft(d: Draft): Promise<void> {
    const at = this.kept.findIndex((k) => k.id === d.id);
    if (at < 0) this.kept.push(structuredClone(d));
    else this.kept[at] = structuredClone(d);
  }
  async dropDraft(id: string): Promise<void> {
    const at = this.kept.findIndex((k) => k.id === id);
    if (at >= 0) this.kept.splice(at, 1);
  }
  async save(d: Draft): Promise<SaveResult> {
    if (this.refuse) return this.refuse;
    if (!this.saved.some((s) => s.id === d.id)) {
      this.saved.push(structuredClone(d));
      const e = d.e ?? `n${this.saved.length}`;
      const entry: Entry = {
        e,
        kind: d.kind,
        values: d.values,
        state: 'saved',
        retracted: null,
        savedAt: NOW,
        mine: true,
        unsent: 1,
      };
      this.show({ entries: [entry, ...this.snap.entries.filter((x) => x.e !== e)] });
    }
    await this.dropDraft(d.id);
    return { ok: true, e: d.e ?? `n${this.saved.length}`, id: d.id };
  }
  async retract(e: string, reason: string): Promise<SaveResult> {
    this.calls.push(`retract ${e} ${reason}`);
    this.show({ entries: this.snap.entries.map((x) => (x.e === e ? { ...x, retracted: reason } : x)) });
    return { ok: true, e, id: `r-${e}` };
  }
  async propose({ name, form }: NewPlace): Promise<SaveResult> {
    if (this.refuse) return this.refuse;
    this.calls.push(`propose ${name}`);
    const e = `x${this.snap.places.length}`;
    const place: Place = { e, name, form, lat: null, lon: null, order: 0, is: 'proposed', unsent: 1 };
    this.show({ places: [...this.snap.places, place] });
    return { ok: true, e, id: e };
  }
  async history(): Promise<HistoryLine[]> {
    return [
      {
        at: Date.parse('2026-11-21T08:15+01:00'),
        what: 'corrected',
        changes: [{ f: 'minutes', from: 40, to: 45 }],
        mine: true,
      },
      { at: NOW, what: 'received', changes: [], mine: true },
      { at: minutesAgo(12), what: 'saved', changes: [], mine: true },
    ];
  }
  syncNow(): void {
    this.calls.push('syncNow');
  }
  async proof(): Promise<Proof> {
    const side = { n: 1, sum: '3f9a21c0'.repeat(8) };
    const server = { day: '2026-11-20', received: side, counted: side, missing: [] };
    return {
      rescue: {
        file: async () => ({ name: 'lofteslogg-raddning.json', text: '{}', count: 1, unsent: 1 }),
        read: async () => ({ ok: true, made: NOW, fresh: 1, others: 0, known: 0, clash: 0 }),
      },
      slips: {
        days: async () => ({ reached: true, days: [{ inc: 'x', day: server.day, created: side, server }] }),
        lines: async () => [],
      },
    };
  }
  async takeUpdate(): Promise<boolean> {
    this.calls.push('takeUpdate');
    return this.update;
  }
}
