/** The code that stands before a person's seat. Slow to try, by PBKDF2; still, eight digits keep out a colleague and no laboratory. */
import type { Lock } from '../journal/phone';

/** Rounds of PBKDF2 with SHA-256 for new locks; a lock remembers its own. */
const ROUNDS = 200_000;
const SALT_BYTES = 16;

/** Whether a text can be a code: four to eight digits. */
export const isCode = (text: string): boolean => /^\d{4,8}$/.test(text);

/** A lock that the code opens. */
export async function lockOf(code: string, rounds = ROUNDS): Promise<Lock> {
  const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES));
  return { salt: hex(salt), rounds, hash: await hashOf(code, salt, rounds), tries: 0, until: 0 };
}

/** Whether the code opens the lock. */
export async function opens({ salt, rounds, hash }: Lock, code: string): Promise<boolean> {
  const bytes = Uint8Array.from(salt.match(/../g) ?? [], (pair) => parseInt(pair, 16));
  return (await hashOf(code, bytes, rounds)) === hash;
}

async function hashOf(code: string, salt: Uint8Array<ArrayBuffer>, iterations: number): Promise<string> {
  const key = await crypto.subtle.importKey('raw', new TextEncoder().encode(code), 'PBKDF2', false, ['deriveBits']);
  return hex(
    new Uint8Array(await crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations }, key, 256)),
  );
}

const hex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
