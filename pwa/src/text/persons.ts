/** The voice of the screens about who is on the phone: being let in, several persons, signing out, and what is stored. */
import { catalogue } from './catalogue';
import { sv } from './persons.sv';

export const tp = catalogue(sv, () => import('./persons.en').then((m) => m.en));
