/** What is said of a place beside its name: what form it has and how far away it is. */
import { number } from '../text';
import { tm } from '../text/more';

/** The forms that can be chosen; a place may have one that a later version knows. */
export const FORMS = [
  'square',
  'stop',
  'school',
  'park',
  'tunnel',
  'path',
  'shop',
  'bar',
  'bathing',
  'event',
  'other',
] as const;

/** What a form is called; empty for none, and for one that is not known here. */
export function formWords(form: string): string {
  const known = FORMS.find((f) => f === form);
  return known ? tm(`form.${known}`) : '';
}

const NEAR_M = 100;
const KM = 1000;
const TENTHS_UNTIL = 10 * KM;

/** "nära dig", "700 m", "1,2 km", "14 km": as exact as a rounded place deserves. */
export function distanceWords(m: number): string {
  if (m < NEAR_M / 2) return tm('where.here');
  const hundreds = Math.round(m / NEAR_M) * NEAR_M;
  if (hundreds < KM) return tm('where.m', { n: hundreds });
  const km = m < TENTHS_UNTIL ? Math.round(m / 100) / 10 : Math.round(m / KM);
  return tm('where.km', { km: number(km) });
}
