/**
 * The typed code: ten characters of Crockford's base 32. Typing is forgiven as the server forgives it: spaces, hyphens and
 * lower case, O for 0, I and L for 1. What cannot be a code is said before an attempt is used up.
 */
import { d } from '../../text/desk';

const TYPED = 10;
const LINKED = 26;

const meant = (typed: string): string =>
  typed
    .toUpperCase()
    .replace(/[\s\-–.]/g, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');

/** The code that was meant, or what to do about it. A whole link that was pasted is taken for its code. */
export function readCode(typed: string): { code: string } | { problem: string } {
  const code = meant(/#k=([\w-]+)/.exec(typed)?.[1] ?? typed);
  const strange = [...code].find((c) => !/[0-9A-HJKMNP-TV-Z]/.test(c));
  if (code === '') return { problem: d('in.empty') };
  if (strange !== undefined) return { problem: d('in.char', { c: strange }) };
  if (code.length < TYPED) return { problem: d('in.short', { n: TYPED - code.length }) };
  return code.length === TYPED || code.length === LINKED ? { code } : { problem: d('in.long') };
}
