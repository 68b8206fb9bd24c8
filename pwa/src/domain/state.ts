/**
 * What an entity is after its folded events, as the server hands it out (`State` of docs/api/openapi.yaml). It is derived and can be
 * fetched or folded again; nothing is lost with it.
 */
import { canon, type Json } from './canon';
import type { Stamp } from './clock';
import type { Value } from './event';

/** A write that stands. `eff` is the writer's stamp, moved back to the store's clock where it was ahead. */
export type Head = { id: string; eff: Stamp; inc: string; n: number; v: Value };

/** One field: the writes that no folded write was shown, the displayed one last, and the ids that were named before they came. */
export type Register = { h: Head[]; d?: string[] };

/** An entity. `t` is empty until its first event is folded. */
export type State = { t: string; kind: string | null; parent: string | null; by: string; f: Record<string, Register> };

/** The state of an entity of which nothing is folded. */
export const emptyState = (): State => ({ t: '', kind: null, parent: null, by: '', f: {} });

/** Compares writes by (eff, inc, n, id). Decides what is displayed, never what is kept. */
export function compareHeads(a: Head, b: Head): number {
  return order(a.eff, b.eff) || order(a.inc, b.inc) || a.n - b.n || order(a.id, b.id);
}

/** Compares texts by their code units, as ids and stamps are compared. */
export const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** A record's own member; a field may be named as something that every object inherits (`constructor`). */
export const own = <T>(record: Record<string, T>, name: string): T | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined;

/** What a field displays; null when it was never set or emptied. */
export const valueOf = (s: State, field: string): Value => own(s.f, field)?.h.at(-1)?.v ?? null;

/** The field's text, empty when it has none. */
export function textOf(s: State, field: string): string {
  const value = valueOf(s, field);
  return typeof value === 'string' ? value : '';
}

/** Whether the field has standing writes with different values. Equal values are shown as one. */
export function isConflict(r: Register): boolean {
  const spelled = r.h.map((head) => canon(head.v as Json));
  return spelled.some((value) => value !== spelled[0]);
}

/** Whether the entity was taken back: its register `retracted` displays a reason. */
export const isRetracted = (s: State): boolean => valueOf(s, 'retracted') !== null;

/** A copy that can be folded onto; heads are shared, since they never change. */
export function cloneState(s: State): State {
  const f = Object.entries(s.f).map(([name, r]): [string, Register] => [name, { h: [...r.h], d: [...(r.d ?? [])] }]);
  return { ...s, f: Object.fromEntries(f) };
}
