/** The voice of the screens that come after the first. */
import { catalogue } from './catalogue';
import { sv } from './more.sv';

export const tm = catalogue(sv, () => import('./more.en').then((m) => m.en));
