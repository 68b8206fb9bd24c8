/** What is left of a state when events in it are erased: skeletons, as the server makes them. Pure. */
import type { Value } from './event';
import type { Head, Register, State } from './state';

/** The state with skeletons in the place of what was erased; the same one when it has nothing of that. */
export function withoutValues(s: State, erased: ReadonlySet<string>): State {
  if (!Object.values(s.f).some(({ h }) => h.some(({ id }) => erased.has(id)))) return s;
  const bare = (name: string, head: Head): Head => (erased.has(head.id) ? { ...head, v: left(name, head.v) } : head);
  const f = Object.entries(s.f).map(([name, r]): [string, Register] => [
    name,
    { ...r, h: r.h.map((h) => bare(name, h)) },
  ]);
  return { ...s, f: Object.fromEntries(f) };
}

/** A link and a decision stay, and what was taken back stays so. */
function left(name: string, value: Value): Value {
  if (name === 'dup_of' || name.startsWith('verdict:')) return value;
  return name === 'retracted' && value !== null ? 'erased' : null;
}
