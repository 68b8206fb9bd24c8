import { Linter } from 'eslint';
import svelte from 'eslint-plugin-svelte';
import ts from 'typescript-eslint';
import { describe, expect, test } from 'vitest';
import words from './words.mjs';

const svelteParser = svelte.configs.base.find(({ languageOptions }) => languageOptions?.parser)?.languageOptions
  ?.parser;

/** What the rule finds in a file. */
function found(text: string, name = 'x.svelte'): string[] {
  const languageOptions = name.endsWith('.svelte')
    ? { parser: svelteParser, parserOptions: { parser: ts.parser } }
    : { parser: ts.parser };
  const config = {
    files: ['**/*.svelte', '**/*.ts'],
    plugins: { words },
    languageOptions,
    rules: { 'words/in-catalogue': ['error', { names: { Löfteslogg: 'a name' } }] },
  };
  const told = new Linter().verify(text, [config as unknown as Linter.Config], name);
  return told.map(({ message }) => /^"(.*)" is read/.exec(message)?.[1] ?? message);
}

describe('what people read is found outside the catalogue', () => {
  test.each([
    ['text in markup', '<p>Spara</p>', 'Spara'],
    ['text beside what is filled in', '<p>{n} poster</p>', 'poster'],
    ['text in a block', '{#if a}<b>Saved</b>{:else}väntar{/if}', 'Saved', 'väntar'],
    ['a label that is heard', '<button aria-label="Close">×</button>', 'Close'],
    ['a placeholder', '<input placeholder="namn" />', 'namn'],
    ['a title', '<a title="Mer">·</a>', 'Mer'],
    ['the words of a picture', '<img alt="Karta" src="x" />', 'Karta'],
    ['either way of a choice', "<p>{a ? 'Ja' : 'Nej'}</p>", 'Ja', 'Nej'],
    ['what is said when there is nothing', "<p>{name ?? 'okänd'}</p>", 'okänd'],
    ['a spoken attribute with something filled in', '<a aria-label={`Till ${n}`}>·</a>', 'Till '],
    ['what a part is given', '<Banner text="Allt är skickat" />', 'Allt är skickat'],
    ['what is announced', '<script lang="ts">s.say(\'klart\');</script>', 'klart'],
    ['a sentence in a script', '<script lang="ts">const x = \'Try again later\';</script>', 'Try again later'],
  ])('%s', (_what, text, ...expected) => expect(found(text)).toEqual(expected.map((e) => e.trim())));

  test.each([
    ['what becomes the page’s text', "target.textContent = 'Stängd';", 'Stängd'],
    ['an attribute that is set', "e.setAttribute('aria-label', 'open');", 'open'],
    ['a sentence that is handed on', "export const words = () => 'The network is gone';", 'The network is gone'],
    ['a word with Swedish letters', "const x = ['två'];", 'två'],
    ['a word with a full stop', "const x = ok ? 'Saved.' : '';", 'Saved.'],
  ])('%s', (_what, text, ...expected) => expect(found(text, 'x.ts')).toEqual(expected));
});

describe('what nobody reads is left alone', () => {
  test.each([
    ['words of the catalogue', "<p>{t('nav.home')} {tm('a', { n: 1 })}</p>"],
    ['a name that is the same in all languages', '<p>Löfteslogg</p>'],
    ['classes, ids and addresses', '<a class="btn btn-1" id="Main" href="#/mine">{x}</a>'],
    ['numbers and signs', '<p>1 × {n} – 2</p>'],
    ['what is to be typed as it stands', '<code>adb reverse</code>'],
    ['styles', '<style>p { color: red }</style>'],
  ])('%s', (_what, text) => expect(found(text)).toEqual([]));

  test.each([
    ['an error for developers', "throw new Error('no root in the page');"],
    ['a key', "const x = { 'Some key here': 1 }; if (a === 'Some text here') b();"],
    ['a type', "type X = 'Foo bar baz';"],
    ['an import', "import x from './Some file name';"],
  ])('%s', (_what, text) => expect(found(text, 'x.ts')).toEqual([]));
});
