/** Which question a register answers. Apart from catalog.ts, since only the screens that tell of one entry ask it. */
import type { Choice, FieldKind, Kind } from './app';

/** The field that writes a register, and which of its answers the register counts. */
export function fieldOf(kind: Kind | undefined, register: string): { field: FieldKind; of?: Choice } | undefined {
  const [name, slug] = register.split(':');
  const field = kind?.fields.find((f) => f.f === (f.as === 'counts' ? name : register));
  if (field?.as !== 'counts') return field && { field };
  const of = field.choices?.find((c): c is Choice => typeof c === 'object' && c.v === slug);
  return of && { field, of };
}
