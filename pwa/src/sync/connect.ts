/** Connecting a phone with a code. The token is made here and kept before it is sent, so that a lost reply can be asked for again. */
import { enrol, lookAtCode } from '../api/codes';
import type { Failure } from '../api/http';
import type { CodeInfo, EnrolResult, Seat } from '../domain/app';
import { newId } from '../domain/id';
import { Outbox } from '../journal/outbox';
import { isSame, type Phone } from '../journal/phone';
import { enrolling, sit } from '../journal/seats';
import type { Env } from './engine';
import { lockOf } from './lock';

/** What a code is for. */
export async function look(env: Env, code: string): Promise<CodeInfo> {
  const reply = await lookAtCode(env, code.trim());
  if (!reply.ok) return refusal(env, reply);
  const { parties, ...about } = reply.body;
  return { ok: true, ...about, parties: [...parties] };
}

/** Who is to be connected: `pin` as in FieldApp, `open` who is in now and keeps the lock that stands. */
export type Newcomer = { code: string; name: string; party: string; pin: string | undefined; open: Seat | null };

/** Connects; the person is on the phone when it is ok. A token that they had here before is given back to the server later. */
export async function connect(
  env: Env,
  phone: Phone,
  { code, name, party, pin, open }: Newcomer,
): Promise<[EnrolResult, Seat?]> {
  const begun = await enrolling(phone, code.trim(), () => ({ token: newToken(), inc: newId(env.now()) }));
  const reply = await enrol(env, { ...begun, name, party, app: env.app });
  if (!reply.ok) return [refusal(env, reply)];
  const { account, role, town } = reply.body;
  const outbox = new Outbox(town.id);
  const before = (await outbox.person(account))?.token;
  await outbox.keepPerson({ account, name, party, role, town: { ...town }, inc: begun.inc, token: begun.token });
  await outbox.db.close();
  const seat = { town: town.id, account };
  const lock = pin !== undefined ? await lockOf(pin) : isSame(open, seat) ? undefined : null;
  await sit(phone, seat, lock, before === begun.token ? undefined : before);
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
