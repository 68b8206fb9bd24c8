/**
 * What the field screens may ask of the app, and all they may know. The journal is the truth on the phone: everything here is read
 * from it, and what is saved is there before a word of it is shown. `sync/` implements this; screens and their tests use it.
 */
import type { Value } from './event';
import type { Run, RunningDraft } from './run';

/** The text of the catalogue in the app's two languages. */
export type Words = { name?: string; start?: string; label?: string; short?: string };
export type Lang = 'sv' | 'en';

/** One question of a form, as docs/api/kinds.md has it. Unknown `as` are skipped by the form and kept in the entry. */
export type FieldKind = {
  f: string;
  as: 'moment' | 'duration' | 'place' | 'parties' | 'count' | 'band' | 'choice' | 'choices' | 'text';
  need?: boolean;
  keep?: boolean;
  min?: number;
  max?: number;
  choices?: (number | { v: string; sv?: string; en?: string })[];
  sv?: Words;
  en?: Words;
};

/** A kind of activity from the catalogue. */
export type Kind = {
  slug: string;
  sv: Words;
  en: Words;
  icon: string;
  sight: 'own' | 'field' | 'restricted';
  order: number;
  fields: FieldKind[];
};

export type Place = { e: string; name: string; form: string; lat: number | null; lon: number | null; order: number };
export type Party = { slug: string; sv: string; en: string };

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
  /** ms when the oldest unsent event was saved. */
  oldest: number | null;
  action: number;
  phase: 'idle' | 'sending' | 'pulling' | 'waiting' | 'offline' | 'signin';
  /** Why we wait, and until when (ms). */
  waiting?: { why: 'offline' | 'server' | 'busy' | 'full'; until: number };
  /** ms of the last time that everything was sent. */
  allSentAt: number | null;
  restored: boolean;
};

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
  kinds: Kind[];
  places: Place[];
  parties: Party[];
  pledge: Pledge | null;
  measures: Measure[];
  entries: Entry[];
  sync: SyncStatus;
  storage: { persisted: boolean | null; used: number | null; quota: number | null };
  updateReady: boolean;
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
      reason: 'offline' | 'used' | 'old' | 'unknown' | 'too-many' | 'server';
      sv?: string;
      en?: string;
      until?: number;
    };
export type CodeInfo =
  | { ok: true; role: string; town: { id: string; name: string; slug: string }; until: number; parties: Party[] }
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
  lookAtCode(code: string): Promise<CodeInfo>;
  enrol(code: string, name: string, party: string): Promise<EnrolResult>;
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
  history(e: string): Promise<HistoryLine[]>;
  syncNow(): void;
  /** The unsent and kept events as a file's text (JSON), for the rescue file. */
  rescue(): Promise<{ name: string; text: string; count: number }>;
  /** Lets the waiting version take over; refused (false) while any tab has an open draft. */
  takeUpdate(): Promise<boolean>;
}
