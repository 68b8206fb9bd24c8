/** Sums that people compare: SHA-256 in hex, the same here as in Go. */

/** SHA-256 of a text in UTF-8, 64 hex digits. */
export async function sumOf(text: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
