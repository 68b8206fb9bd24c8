import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import boundaries from 'eslint-plugin-boundaries';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import words from './scripts/words.mjs';
import svelteConfig from './svelte.config.js';

// Which way the stairs go: [from, to, why nothing else]. A new arrow is a decision and is written down in docs/decisions.
/** @type {[from: string, to: string[], why: string][]} */
const STAIRS = [
  ['domain', [], 'domain is the ground floor: the nouns and the merge rule, without a network, a disk or a screen'],
  ['text', ['domain'], 'text only words what the domain names'],
  ['api', ['domain'], 'api only speaks to the server: what to send, and when, is decided by sync'],
  ['journal', ['domain'], 'journal only keeps: it knows neither the network nor the screens'],
  ['sync', ['journal', 'api', 'domain'], 'sync runs without a screen'],
  ['parts', ['text', 'domain'], 'a part is given what it shows, so that it can be shown anywhere'],
  ['field', ['parts', 'text', 'sync', 'journal', 'domain'], 'field screens read the journal, never the network'],
  ['desk', ['parts', 'text', 'sync', 'journal', 'api', 'domain'], 'desk screens stay clear of the field app'],
  ['sim', ['sync', 'journal', 'domain'], 'the simulator plays with the app as it is, without a screen'],
  ['sw', ['domain'], 'the service worker decides nothing: it talks to sync by the messages in domain'],
];

// What a name of the platform may be used by, and where everyone else should go.
/** @type {(message: string, ...names: string[]) => { name: string, message: string }[]} */
const onlyHere = (message, ...names) => names.map((name) => ({ name, message }));
const NETWORK = onlyHere('src/api is the only code that speaks to the network', 'fetch', 'XMLHttpRequest', 'WebSocket');
const DISK = onlyHere('src/journal is the only code that opens IndexedDB', 'indexedDB');
const STORAGE = onlyHere('what must survive goes through the journal', 'localStorage', 'sessionStorage');
const TIME = onlyHere('the clock is an argument', 'setTimeout', 'setInterval');

// What may stand in markup, because it is the same whatever language is spoken. Each with why.
const SAME_IN_ALL = {
  Löfteslogg: 'the name of the product',
  Svenska: 'a language is called by its own name, so that who cannot read the other finds it',
  English: 'likewise',
  Språk: 'the way to another language is said in that language too',
  Language: 'likewise',
};

export default defineConfig(
  globalIgnores(['dist/', '.build/', 'test-results/', 'playwright-report/', '.shots/', '**/*.gen.ts']),
  js.configs.recommended,
  ts.configs.recommendedTypeChecked,
  svelte.configs.recommended,
  svelte.configs.prettier,
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.json', './src/sw/tsconfig.json', './tsconfig.node.json'],
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.svelte'],
      },
    },
    rules: {
      'no-undef': 'off', // the type checker knows
      eqeqeq: 'error',
      'no-console': 'error',
      'no-eval': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/require-await': 'off', // async keeps a failure inside the promise
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
    rules: {
      'svelte/no-inline-styles': 'error', // the policy stops a style attribute
      'svelte/valid-compile': 'error', // among them the compiler's accessibility warnings
      'svelte/button-has-type': 'error',
      'svelte/no-target-blank': 'error',
      'svelte/block-lang': ['error', { script: 'ts', enforceScriptPresent: true }],
      'svelte/no-navigation-without-resolve': 'off', // SvelteKit only
      'prefer-const': 'off',
      'svelte/prefer-const': ['error', { excludedRunes: ['$props', '$derived'] }],
    },
  },
  {
    files: ['src/**'],
    ignores: ['src/**/*.test.ts'],
    plugins: { boundaries },
    settings: {
      'boundaries/elements': STAIRS.map(([type]) => ({
        type,
        pattern: type === 'field' || type === 'desk' ? `src/screens/${type}` : `src/${type}`,
      })),
      'import/resolver': { node: { extensions: ['.ts', '.svelte', '.js'] } },
    },
    rules: {
      'boundaries/dependencies': [
        'error',
        {
          default: 'allow', // packages and styles: npm's list is short and knip watches it
          policies: STAIRS.map(([from, to, why]) => {
            const known = STAIRS.map(([type]) => type).filter((type) => type !== from && !to.includes(type));
            return {
              from: { element: { type: from } },
              disallow: { to: { element: { types: { anyOf: known } } } },
              message: `${why} (may import: ${to.join(' ') || 'nothing'})`,
            };
          }),
        },
      ],
      'no-restricted-globals': ['error', ...NETWORK, ...DISK, ...STORAGE],
    },
  },
  {
    // What people read is in the catalogue. The made-up town of the development server is no part of what is built.
    files: ['src/**'],
    ignores: [
      'src/**/*.test.ts',
      'src/**/*testkit*',
      'src/text/**',
      'src/screens/field/fake.ts',
      'src/screens/desk/fakeserver.ts',
    ],
    plugins: { words },
    rules: { 'words/in-catalogue': ['error', { names: SAME_IN_ALL }] },
  },
  {
    files: ['src/api/**', 'src/sw/**'],
    rules: { 'no-restricted-globals': ['error', ...DISK, ...STORAGE] },
  },
  {
    files: ['src/journal/**'],
    rules: { 'no-restricted-globals': ['error', ...NETWORK, ...STORAGE] },
  },
  {
    files: ['src/domain/**'],
    ignores: ['src/**/*.test.ts'],
    rules: {
      'no-restricted-globals': ['error', ...NETWORK, ...DISK, ...STORAGE, ...TIME],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'the clock is an argument' },
        { object: 'Math', property: 'random', message: 'chance is an argument' },
      ],
    },
  },
  {
    files: ['src/**/*.test.ts', 'vitest.setup.ts'],
    rules: { 'no-restricted-globals': 'off' },
  },
  {
    files: ['*.config.{js,ts}', 'scripts/**', 'e2e/**'],
    languageOptions: { globals: globals.node },
    rules: {
      'no-console': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off', // plain JavaScript has no place for the type of a parsed file
    },
  },
  {
    files: ['scripts/words.mjs'],
    rules: {
      // The two parsers' trees have no type in common.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
);
