/**
 * All that a person reads. `t` says a sentence of the first screen and of the parts it has, `tm` of more.ts those of the
 * later ones, `d` of desk.ts the desk's.
 */
import type { Kind, Lang, Words } from '../domain/app';
import { language, speak } from './catalogue';
import { choose, chosen } from './choice';

/** The language a person chose, else the browser's, else Swedish. Call and await before anything is drawn. */
export async function startLanguage(): Promise<void> {
  const wish = chosen('lang') ?? (navigator.language.toLowerCase().startsWith('en') ? 'en' : 'sv');
  await use(wish === 'en' ? 'en' : 'sv');
}

/** Changes the language and remembers it. The screens are drawn anew by the caller. False when its words could not be fetched. */
export async function changeLanguage(to: Lang): Promise<boolean> {
  await choose('lang', to);
  return use(to);
}

async function use(to: Lang): Promise<boolean> {
  const done = await speak(to).then(
    () => true,
    () => false, // Without a network before the worker has kept the words: go on in the language that is here.
  );
  document.documentElement.lang = language();
  return done;
}

/** A word of the catalogue of kinds in the language in use, or in the other when it has only that. */
export function word(of: { sv?: Words; en?: Words }, which: keyof Words): string | undefined {
  const [first, second] = language() === 'en' ? [of.en, of.sv] : [of.sv, of.en];
  return first?.[which] ?? second?.[which];
}

/** What a kind is called. */
export const kindName = (k: Pick<Kind, 'slug'> & Partial<Kind>): string => word(k, 'name') ?? k.slug;

/** A name where there is little room: a long Swedish word may break after a compound's s or a prefix ("Trygghets-vandring"). */
export const softly = (name: string): string =>
  name.replace(/(?<=\p{L}{5}s|(?<!\p{L})(?:före|efter|under|över|inter))(?=\p{L}{6})/giu, '\u00ad');

/** A name inside a sentence: its first letter small, unless it is an abbreviation. */
export const inside = (name: string): string =>
  /^\p{Lu}\p{Ll}/u.test(name) ? name.charAt(0).toLocaleLowerCase() + name.slice(1) : name;

/** The words of a thing that is only a name in two languages: a party, a choice. */
export const inLanguage = (of: { sv?: string; en?: string }): string | undefined =>
  (language() === 'en' ? (of.en ?? of.sv) : (of.sv ?? of.en)) || undefined;

export { t } from './say';
export { language, number, speak } from './catalogue';
export { adopt, choose, chosen } from './choice';
export * from './when';
