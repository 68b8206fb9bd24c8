/** What is asked before there is a token, with a code, and the last that is asked with one. */
import { ask, believe, type Net, type Reply } from './http';
import type { components } from './schema.gen';

type Schemas = components['schemas'];

const QUICK = 15_000;

/** What a code is for. */
export const lookAtCode = async (net: Net, code: string): Promise<Reply<Schemas['CodeReply']>> =>
  believe(
    await ask<Schemas['CodeReply']>(net, { path: '/api/v1/code', body: { code }, timeout: QUICK }),
    (r) => typeof r.town?.id === 'string' && Array.isArray(r.parties),
  );

/** Signs out of this phone: the token opens nothing from then on. 401 says that it did not any more. */
export const signOut = (net: Net, token: string): Promise<Reply<null>> =>
  ask(net, { method: 'DELETE', path: '/api/v1/phone', token, timeout: QUICK });

/** Connects this phone; the same code with the same token may be sent again. */
export const enrol = async (net: Net, body: Schemas['EnrolRequest']): Promise<Reply<Schemas['EnrolReply']>> =>
  believe(
    await ask<Schemas['EnrolReply']>(net, { path: '/api/v1/enrol', body, timeout: QUICK }),
    (r) => typeof r.account === 'string' && typeof r.town?.id === 'string',
  );
