/** A fingerprint of what a device has: how the phone and the server find out that they differ. */
import type { Entity } from '../domain/log';

/** Xor over the entities of SHA-256(entity, 16 bytes ‖ seq, 8 bytes big endian), its first 16 bytes, in hex. */
export async function digestOf(entities: readonly Pick<Entity, 'e' | 'seq'>[]): Promise<string> {
  const all = await Promise.all(entities.map(({ e, seq }) => crypto.subtle.digest('SHA-256', bytesOf(e, seq))));
  const xor = new Uint8Array(16);
  for (const hash of all.map((buffer) => new Uint8Array(buffer))) {
    for (let i = 0; i < xor.length; i += 1) xor[i] = (xor[i] ?? 0) ^ (hash[i] ?? 0);
  }
  return [...xor].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function bytesOf(e: string, seq: number): ArrayBuffer {
  const bytes = new DataView(new ArrayBuffer(24));
  (e.replaceAll('-', '').match(/../g) ?? []).forEach((pair, i) => bytes.setUint8(i, parseInt(pair, 16)));
  bytes.setBigUint64(16, BigInt(seq));
  return bytes.buffer;
}
