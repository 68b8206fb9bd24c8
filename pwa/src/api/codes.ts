/** What is asked before there is a token, with a code, and the last that is asked with one. */
import { ask, type Net, type Reply } from './http';
import type { components } from './schema.gen';

type Schemas = components['schemas'];

const QUICK = 15_000;

/** What a code is for. */
export const lookAtCode = (net: Net, code: string): Promise<Reply<Schemas['CodeReply']>> =>
  ask(net, { path: '/api/v1/code', body: { code }, timeout: QUICK });

/** Signs out of this phone: the token opens nothing from then on. 401 says that it did not any more. */
export const signOut = (net: Net, token: string): Promise<Reply<null>> =>
  ask(net, { method: 'DELETE', path: '/api/v1/phone', token, timeout: QUICK });

/** Connects this phone; the same code with the same token may be sent again. */
export const enrol = (net: Net, body: Schemas['EnrolRequest']): Promise<Reply<Schemas['EnrolReply']>> =>
  ask(net, { path: '/api/v1/enrol', body, timeout: QUICK });
