/** What a person can show or hand over: rescue files and slips, in one file that is fetched when one of them is asked for. */
import type { Net } from '../api/http';
import type { Proof } from '../domain/app';
import { rescueOf } from './rescue';
import type { Session } from './session';
import { slipsOf } from './slip';

/** Of the one who is in. */
export const proofOf = (session: Session, net: Net): Proof => ({
  rescue: rescueOf(session, net.now),
  slips: slipsOf(session, net),
});
