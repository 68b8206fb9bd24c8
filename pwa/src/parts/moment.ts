/** A time as people type it on a phone: 19.30, 19:30, 1930, 930, 7. */

/** Hours and minutes as `19:30`, or null when it is no time of day. */
export function timeOfDay(typed: string): string | null {
  const m = /^\s*(\d{1,2})(?:\s*[.:,]?\s*(\d{2}))?\s*$/.exec(typed);
  if (!m) return null;
  const h = Number(m[1]);
  const min = Number(m[2] ?? 0);
  return h > 23 || min > 59 ? null : `${String(h).padStart(2, '0')}:${String(min).padStart(2, '0')}`;
}
