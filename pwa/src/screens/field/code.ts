/**
 * The code that connects a phone: ten characters of Crockford's base 32 to type, or a longer one in a link. Typing is
 * forgiven: spaces, hyphens and lower case, O for 0, I and L for 1.
 */
export const CODE_LENGTH = 10;

/** What was meant by what was typed. Characters that no code has are kept, so that they can be named. */
export const meant = (typed: string): string =>
  typed
    .toUpperCase()
    .replace(/[\s\-–.]/g, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');

/** The first character that no code has, if any. */
export const strange = (code: string): string | undefined => [...code].find((c) => !/[0-9A-HJKMNP-TV-Z]/.test(c));

/** The code in a link's fragment (`#k=…`), as it stands there. */
export const inLink = (hash: string): string | null => /^#k=([\w-]+)$/.exec(hash)?.[1] ?? null;

/** The code of a link that was pasted whole, and where the link leads; null for anything else. */
export function pasted(text: string): { code: string; host: string } | null {
  try {
    const { hash, host } = new URL(text.trim());
    const code = inLink(hash);
    return code === null ? null : { code, host };
  } catch {
    return null;
  }
}
