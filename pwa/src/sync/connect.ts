/** Connecting a phone with a code. The token is made here and kept before it is sent, so that a lost reply can be asked for again. */
import { enrol, lookAtCode } from '../api/codes';
import type { Failure } from '../api/http';
import type { CodeInfo, EnrolResult } from '../domain/app';
import { newId } from '../domain/id';
import { Outbox } from '../journal/outbox';
import type { Phone, Seat } from '../journal/phone';
import type { Env } from './engine';

/** What a code is for. */
export async function look(env: Env, code: string): Promise<CodeInfo> {
  const reply = await lookAtCode(env, code.trim());
  if (!reply.ok) return refusal(env, reply);
  const { role, town, until, parties } = reply.body;
  return { ok: true, role, town, until, parties: [...parties] };
}

/** Connects; the person is on the phone when it is ok. */
export async function connect(
  env: Env,
  phone: Phone,
  code: string,
  name: string,
  party: string,
): Promise<[EnrolResult, Seat?]> {
  const begun = await phone.enrolling(code.trim(), () => ({ token: newToken(), inc: newId(env.now()) }));
  const reply = await enrol(env, { ...begun, name, party, app: env.app });
  if (!reply.ok) return [refusal(env, reply)];
  const { account, role, town } = reply.body;
  const outbox = new Outbox(town.id);
  await outbox.keepPerson({ account, name, party, role, town: { ...town }, inc: begun.inc, token: begun.token });
  await outbox.db.close();
  const seat = { town: town.id, account };
  await phone.sit(seat);
  return [{ ok: true }, seat];
}

/** 32 random bytes, base64url. */
function newToken(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

type Reason = Extract<EnrolResult, { ok: false }>['reason'];
const BY_CODE: Record<string, Reason> = {
  'code-unknown': 'unknown',
  'code-used': 'used',
  'code-old': 'old',
  'code-attempts': 'too-many',
};

/** The last part of a problem's type says what it is; the status alone cannot tell a used code from an old one. */
const reasonOf = (problem: Failure['problem'], status: number): Reason =>
  BY_CODE[problem?.type.split('/').at(-1) ?? ''] ?? (status === 429 ? 'too-many' : 'server');

function refusal(env: Env, { why, status, problem, retryAfter }: Failure): Extract<EnrolResult, { ok: false }> {
  if (why !== 'status') return { ok: false, reason: why === 'portal' ? why : 'offline' };
  const until = retryAfter === null ? {} : { until: env.now() + retryAfter };
  const said = problem ? { sv: problem.sv, en: problem.en } : {};
  return {
    ok: false,
    reason: reasonOf(problem, status),
    ...said,
    ...until,
  };
}
