/** The voice of the phone's catalogue, which parts use too. Apart from index.ts so that the times in when.ts can use it. */
import { catalogue } from './catalogue';
import { sv } from './sv';

export const t = catalogue(sv, () => import('./en').then((m) => m.en));
