/**
 * What an entity is when several people have written to it.
 *
 * The rule is pure: no clock, no disk, no network. The same events, in any order, split or repeated in any way, give the same
 * state: the heads of a field are the folded writes of it that no folded write says it was shown. docs/api/protocol.md states the
 * rule and docs/api/vectors holds the cases that Go and TypeScript both run.
 */
import type { Stamp } from './clock';
import type { Event } from './event';
import { compareHeads, type Head, order, own, type Register, type State } from './state';

/**
 * Folds event e, stamped eff, into the state of its entity, which it changes. The caller has made sure that e is not folded already.
 *
 * `folded` tells whether an id is an event that is already folded into this same entity. The base is worked off before the dead
 * lists are looked up, so that a write which names itself does not stand.
 */
export function fold(s: State, e: Event, eff: Stamp, folded: (id: string) => boolean): void {
  if (e.new) Object.assign(s, e.new, { by: e.by });
  for (const field of Object.keys(e.set)) {
    const r = ensure(s, field);
    for (const shown of own(e.base, field) ?? []) supersede(r, shown, folded);
  }
  const dead = bury(s, e.id);
  for (const [field, v] of Object.entries(e.set)) {
    if (!dead.has(field)) stand(ensure(s, field), { id: e.id, eff, inc: e.inc, n: e.n, v });
  }
}

function ensure(s: State, field: string): Register & { d: string[] } {
  const r = own(s.f, field) ?? { h: [] };
  s.f[field] = r;
  return Object.assign(r, { d: r.d ?? [] });
}

/** Takes a shown write from the heads, or remembers it for when it comes. */
function supersede(r: Register & { d: string[] }, shown: string, folded: (id: string) => boolean): void {
  const at = r.h.findIndex((head) => head.id === shown);
  if (at >= 0) r.h.splice(at, 1);
  else if (!r.d.includes(shown) && !folded(shown)) r.d = [...r.d, shown].sort(order);
}

/** Removes the id from every dead list of the entity and names the fields whose list held it. */
function bury(s: State, id: string): Set<string> {
  const fields = Object.entries(s.f).filter(([, r]) => r.d?.includes(id));
  for (const [, r] of fields) r.d = r.d?.filter((dead) => dead !== id) ?? [];
  return new Set(fields.map(([name]) => name));
}

function stand(r: Register, head: Head): void {
  r.h = [...r.h, head].sort(compareHeads);
}
