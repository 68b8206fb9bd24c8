/** The voice of the desk. Apart from the phone's, so that the phone does not carry the desk's words. */
import { catalogue } from './catalogue';
import { sv } from './desk.sv';

export const d = catalogue(sv, () => import('./desk.en').then((m) => m.en));
export type DeskKey = keyof typeof sv;
