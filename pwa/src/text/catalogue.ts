/**
 * A catalogue is the Swedish words and a way to get the same words in English. The compiler sees to it that no key is
 * missing, that both have the same plural forms, and that a sentence gets what it has room for.
 *
 * English is fetched when it is chosen, so that a phone in Swedish does not carry it in its first load.
 */
import type { Lang } from '../domain/app';

/** A sentence with `{name}` where something is filled in; two forms where the number `n` decides. */
export type Text = string | { one: string; other: string };
export type Texts = Record<string, Text>;

/** The same keys and forms, in other words. */
export type Same<S extends Texts> = {
  readonly [K in keyof S]: S[K] extends string ? string : { one: string; other: string };
};

type Room<S extends string> = S extends `${string}{${infer P}}${infer Rest}` ? P | Room<Rest> : never;
type Names<T extends Text> = T extends string
  ? Room<T>
  : T extends { one: infer A extends string; other: infer B extends string }
    ? Room<A> | Room<B> | 'n'
    : never;
export type Params<T extends Text> = [Names<T>] extends [never]
  ? []
  : [{ [P in Names<T>]: P extends 'n' ? number : string | number }];
/** Says a sentence of the catalogue in the language that is set. */
export type Say<S extends Texts> = <K extends keyof S & string>(key: K, ...params: Params<S[K]>) => string;

let lang: Lang = 'sv';
const numbers: Partial<Record<Lang, Intl.NumberFormat>> = {};
const plurals: Partial<Record<Lang, Intl.PluralRules>> = {};
const change: ((to: Lang) => Promise<void>)[] = [];

/** The language in use. */
export const language = (): Lang => lang;

/** Sets the language when all its words are here; rejects, and changes nothing, when they cannot be fetched. */
export async function speak(to: Lang): Promise<void> {
  await Promise.all(change.map((c) => c(to)));
  lang = to;
}

/** A whole number or a text for the reader's eye: 1 234 in Swedish, 1,234 in English. */
export const number = (n: number): string => (Number.isInteger(n) && n >= 0 && n < 1000 ? String(n) : spaced(n)); // the first of the others takes a slow phone a tenth of a second

const spaced = (n: number): string =>
  (numbers[lang] ??= new Intl.NumberFormat(lang === 'sv' ? 'sv-SE' : 'en-GB')).format(n);

const shape = (n: number): 'one' | 'other' =>
  (plurals[lang] ??= new Intl.PluralRules(lang)).select(n) === 'one' ? 'one' : 'other';

/** Makes the voice of a catalogue. A catalogue made after `speak` must be followed by another `speak`. */
export function catalogue<const S extends Texts>(sv: S, english: () => Promise<Same<S>>): Say<S> {
  let words: Same<S> = sv as unknown as Same<S>;
  change.push(async (to) => {
    words = to === 'en' ? await english() : (sv as unknown as Same<S>);
  });
  return (key, ...params) => {
    const given: Record<string, string | number> = params[0] ?? {};
    const text: Text = words[key];
    const sentence = typeof text === 'string' ? text : text[shape(Number(given.n))];
    return sentence.replace(/\{(\w+)\}/g, (_, p: string) => {
      const v = given[p] ?? '';
      return typeof v === 'number' ? number(v) : v;
    });
  };
}
