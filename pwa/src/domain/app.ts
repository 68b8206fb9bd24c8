/**
 * What the field screens may ask of the app, and all they may know. The journal is the truth on the phone: everything here is read
 * from it, and what is saved is there before a word of it is shown. `sync/` implements this; screens and their tests use it.
 */
import type { Value } from './event';
import type { Run, RunningDraft } from './run';
import type { SlipDay, SlipLine } from './slip';

/** The text of the catalogue in the app's two languages. */
export type Words = { name?: string; start?: string; label?: string; short?: string };
export type Lang = 'sv' | 'en';

/** Whether a kind, a question, an answer or a party is still offered: `until` is the version from which it is not. */
export type Offered = { until?: number };

/** An answer of a question. */
export type Choice = Offered & { v: string; sv?: string; en?: string };

/** One question of a form, as docs/api/kinds.md has it. `other` is a later app's: skipped by the form, kept and told in the entry. */
export type FieldKind = Offered & {
  f: string;
  as:
    'moment' | 'duration' | 'place' | 'parties' | 'count' | 'counts' | 'band' | 'choice' | 'choices' | 'text' | 'other';
  need?: boolean;
  keep?: boolean;
  min?: number;
  max?: number;
  choices?: (number | Choice)[];
  sv?: Words;
  en?: Words;
};

/** A kind of activity from the catalogue. */
export type Kind = Offered & {
  slug: string;
  sv: Words;
  en: Words;
  icon: string;
  sight: 'own' | 'field' | 'restricted';
  order: number;
  fields: FieldKind[];
};

export type Place = {
  e: string;
  name: string;
  form: string;
  /** Degrees. */
  lat: number | null;
  lon: number | null;
  order: number;
  /** How it stands when it is not offered by the town: proposed from this phone and not answered yet, or closed. */
  is?: 'proposed' | 'closed';
  /** The place that it turned out to be. */
  sameAs?: string;
  /** What the coordinator said when it was closed. */
  said?: string;
  /** Of a proposal: number of own events not answered yet. */
  unsent?: number;
};

/** A place that is proposed from the phone. The position is in 1e-5 degrees, rounded already unless the writer chose exact. */
export type NewPlace = { name: string; form: string; at: { lat: number; lon: number } | null };
export type Party = Offered & { slug: string; sv: string; en: string };

/** A measure of the pledge with what is known of it here. `done` is null when the number is not for phones or no tally came yet. */
export type Measure = {
  e: string;
  title: string;
  short: string;
  responsible: string[];
  kinds: string[];
  target: { type: string; min?: number };
  done: number | null;
  /** Own activities that count toward it and are not in `done`. */
  mine: number;
};

export type Pledge = {
  e: string;
  title: string;
  promise: string;
  situationPicture: string;
  from: string;
  to: string;
  forum: string;
  signedOn: string;
};

/** The word that an entry shows, see DESIGN: saved is blue, received green, nothing is green that only the phone knows. */
export type EntryState = 'draft' | 'saved' | 'sending' | 'received' | 'flagged' | 'action';

/** An activity as the phone knows it: cached state with own events laid over. */
export type Entry = {
  e: string;
  kind: string;
  /** Displayed value per field. */
  values: Record<string, Value>;
  state: EntryState;
  /** Reason when flagged or action, a slug of docs/api/protocol.md, Standing. */
  why?: string;
  retracted: string | null;
  /** Newest first in lists; ms of the last own write. */
  savedAt: number;
  mine: boolean;
  /** Number of own events not answered yet. */
  unsent: number;
};

/** What the header says, computed from the outbox as it is now. */
export type SyncStatus = {
  unsent: number;
  /** Entries among them that somebody else on the phone wrote. */
  others: number;
  /** ms when the oldest unsent event was saved. */
  oldest: number | null;
  /** Own events that need their writer. */
  action: number;
  phase: 'idle' | 'sending' | 'pulling' | 'waiting' | 'offline' | 'signin';
  /** Why we wait, and until when (ms). */
  waiting?: { why: 'offline' | 'portal' | 'server' | 'busy' | 'full'; until: number };
  /** ms of the last time that everything was sent. */
  allSentAt: number | null;
  restored: boolean;
};

/** A person on this phone, by town. */
export type Seat = { town: string; account: string };

/** A person as those see who share the phone: `code` when a code of their own lets them in, `open` when they are in. */
export type PersonHere = Seat & { name: string; townName: string; code: boolean; open: boolean };
/** Who is on this phone, and how many entries wait to be sent that the one who is in did not write. */
export type PersonsHere = { persons: PersonHere[]; waiting: number };

/**
 * What came of showing a code. `none`: there is no code to show, only a new invitation lets that person in; `left`: free attempts;
 * `until`: when the next one is taken (ms); `shared`: a code is needed while others are on the phone.
 */
export type EnterResult =
  | { ok: true }
  | { ok: false; reason: 'wrong'; left: number }
  | { ok: false; reason: 'wait'; until: number }
  | { ok: false; reason: 'none' | 'shared' };

/** What was chosen on this phone, by name; null when the choice was taken back. */
export type Choices = Record<string, string | null>;

/** A rescue file: its name, what is in it, how many entries that is, and how many of them the server has not taken yet. */
export type RescueFile = { name: string; text: string; count: number; unsent: number };

/**
 * What came of reading a rescue file: entries that are new on this phone or have something new (`others`: of them, written by others
 * than the one who is in), events that were here already, and events with a number that is another's here, which only a desk can
 * take. `made`: when the file was made, ms.
 */
export type RescueRead =
  | { ok: true; made: number; fresh: number; others: number; known: number; clash: number }
  | { ok: false; reason: 'other' | 'newer' | 'broken' | 'town' | 'full' | 'storage' };

/** Rescue files: what this phone keeps, in a file; and such a file of any phone of the town, read in. */
export interface Rescue {
  file(): Promise<RescueFile>;
  /** Reads a file whole or not at all. Reading it again changes nothing. */
  read(text: string): Promise<RescueRead>;
}

/** Slips of the days just past: what was saved on this phone by the one who is in, beside what the server has. */
export interface Slips {
  /** Newest first; `reached` is false when the server could not be asked, and its sides are null then. */
  days(): Promise<{ reached: boolean; days: SlipDay[] }>;
  /** What there is to say of the events of a day; null when the server cannot be asked. */
  lines(inc: string, day: string): Promise<SlipLine[] | null>;
}

/** What a person can show, or hand over. */
export type Proof = { rescue: Rescue; slips: Slips };

export type Session = {
  account: string;
  name: string;
  party: string;
  role: string;
  town: { id: string; name: string; slug: string };
};

/** All that the screens draw. A new object on each change; arrays are new when their content is. */
export type Snapshot = {
  session: Session | null;
  /** Somebody is on the phone, and has to show who they are. */
  closed: boolean;
  kinds: Kind[];
  /** The town's in their order, then one's own proposals, then those that only name older entries. */
  places: Place[];
  parties: Party[];
  pledge: Pledge | null;
  measures: Measure[];
  entries: Entry[];
  sync: SyncStatus;
  storage: { persisted: boolean | null; used: number | null; quota: number | null };
  updateReady: boolean;
  /** Grows when another tab keeps, saves or throws away a draft: what was read of drafts is to be read again. */
  drafts: number;
};

/** A form on its way: kept within 0.5 s of each change, with what its writer was shown. */
export type Draft = {
  id: string;
  kind: string;
  /** The entity it corrects, or null for a new one. */
  e: string | null;
  values: Record<string, Value>;
  /** Per field, ids of the heads that were shown when the form opened. */
  base: Record<string, string[]>;
  /** The values that were shown then: what a correction leaves as it was is not written. Set by correctionDraft. */
  shown?: Record<string, Value>;
  focus: string | null;
  /** Characters before the caret, when the field in focus is a text. */
  caret?: number | null;
  at: number;
  /** Set for one that runs now: its minutes are being made. */
  run?: Run;
};

/** Saved means: the strict transaction is complete and was read back. Anything else keeps the draft. */
export type SaveResult =
  | { ok: true; e: string; id: string }
  | { ok: false; reason: 'full' | 'storage' | 'readback' | 'too-large'; cause?: unknown };

export type EnrolResult =
  | { ok: true }
  | {
      ok: false;
      reason: 'offline' | 'portal' | 'used' | 'old' | 'unknown' | 'too-many' | 'server';
      sv?: string;
      en?: string;
      until?: number;
    };
export type CodeInfo =
  | {
      ok: true;
      role: string;
      town: { id: string; name: string; slug: string };
      until: number;
      parties: Party[];
      /** Who comes in again; null for somebody new. */
      account: string | null;
      /** Empty when unknown. */
      name: string;
      party: string;
    }
  | Extract<EnrolResult, { ok: false }>;

/** One line of an entry's history. */
export type HistoryLine = {
  at: number;
  what: 'saved' | 'corrected' | 'retracted' | 'received' | 'flagged' | 'erased';
  why?: string;
  changes: { f: string; from: Value; to: Value }[];
  mine: boolean;
};

export interface FieldApp {
  /** Calls back at once and at each change; gives the way to stop. */
  subscribe(fn: (s: Snapshot) => void): () => void;
  /** Resolves when all entries are in the snapshot; until then the older ones may be missing. */
  whole(): Promise<void>;
  /** Who comes in and goes out; fetched when it is asked for. */
  door(): Promise<Door>;
  /** What was chosen on this phone, as it survives a kill. */
  choices(): Choices;
  keepChoice(what: string, value: string | null): Promise<void>;
  /** A form for a new entry, prefilled from the last one of the kind. */
  newDraft(kind: string): Promise<Draft>;
  /** A form for a correction, with the values now displayed and their heads as base. */
  correctionDraft(e: string): Promise<Draft>;
  drafts(): Promise<Draft[]>;
  /** Sets a patrol going: on disk when this resolves. One runs at a time: gives the one that runs already instead. */
  run(d: RunningDraft): Promise<RunningDraft>;
  keepDraft(d: Draft): Promise<void>;
  /** Also when a form is left untouched: an update waits while a form is open. */
  dropDraft(id: string): Promise<void>;
  /** Writes the entry (or only the changed fields of a correction) and drops the draft in the same transaction. Pressing twice writes once: the draft's id decides. */
  save(d: Draft): Promise<SaveResult>;
  retract(e: string, reason: string): Promise<SaveResult>;
  /** Proposes a place, which can be used at once; `e` of the result is the place. Waits for no network. */
  propose(place: NewPlace): Promise<SaveResult>;
  history(e: string): Promise<HistoryLine[]>;
  syncNow(): void;
  /** Rescue files and slips; fetched when they are asked for. */
  proof(): Promise<Proof>;
  /** Lets the waiting version take over; refused (false) while any tab has an open draft. */
  takeUpdate(): Promise<boolean>;
}

/** The ways in and out: connecting, and several persons on one phone. */
export interface Door {
  lookAtCode(code: string): Promise<CodeInfo>;
  /** Connects; `pin` is the code of their own that lets the person in from now on, where there is to be one. */
  enrol(code: string, name: string, party: string, pin?: string): Promise<EnrolResult>;
  persons(): Promise<PersonsHere>;
  /** Lets a person of this phone in who knows their code; works without a network. */
  enter(seat: Seat, pin: string): Promise<EnterResult>;
  /** Draws the curtain: nobody is in until a code is shown. Only where the one who is in has a code. */
  shut(): Promise<void>;
  /** Sets (`before` empty), changes or (`pin` null) takes away the code of the one who is in. */
  changeCode(before: string, pin: string | null): Promise<EnterResult>;
  /** Takes the one who is in off the phone. What is not sent stays and is sent by whoever is in next; drafts stay too. */
  signOut(): Promise<void>;
}
