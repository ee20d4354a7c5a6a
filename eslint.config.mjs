import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import jest from 'eslint-plugin-jest';
import { defineConfig } from 'eslint/config';
import { builtinModules } from 'node:module';
import ts from 'typescript-eslint';

/** The domain, what keeps it and what runs it: of these most is built. */
const core = ['rules', 'keys', 'workflows', 'temporal', 'records'];
/** The ways to outside systems that a use case of the domain goes. */
const outside = ['sms', 'jitsi', 'pas'];

/**
 * Which folders each folder may import (the third column of the table in docs/technical-description.md).
 * What is not listed is refused, so a new direction is a decision and not an accident.
 */
const mayImport = /** @type {Record<string, string[]>} */ ({
  rules: [],
  keys: [],
  metrics: [],
  tracing: [],
  workflows: ['rules'],
  temporal: ['rules', 'keys', 'workflows'],
  records: ['rules', 'keys', 'workflows', 'metrics'],
  health: ['metrics', 'mail', 'records', 'sms', 'temporal'],
  sms: ['rules', 'keys'],
  mail: ['rules', 'keys'],
  jitsi: ['rules', 'keys'],
  pas: ['rules', 'keys'],
  files: ['rules', 'keys'],
  activities: [...core, ...outside, 'mail', 'metrics', 'tracing'],
  commands: [...core, ...outside, 'metrics'],
  worker: [...core, ...outside, 'mail', 'activities', 'commands', 'metrics', 'health', 'tracing'],
  api: [...core, ...outside, 'files', 'commands', 'metrics', 'health', 'tracing'],
  codec: ['keys', 'temporal', 'records'],
  ops: [...core, 'sms', 'mail', 'worker', 'health'],
});
const folders = [...Object.keys(mayImport), 'local', 'faults', 'bench', 'test'];
/** A workflow's code is reached only through its contract (messages.ts), but by the worker that bundles it. */
const contractsOnly = ['temporal', 'records', 'activities', 'commands', 'api'];

/** @type {import('eslint').Linter.Config[]} */
const importDirections = Object.entries(mayImport).map(([folder, allowed]) => {
  const refused = folders.filter((other) => other !== folder && !allowed.includes(other));
  const patterns = [
    {
      regex: `^(\\.\\./)+(${refused.join('|')})(/|$)`,
      message: `${folder}/ may import only: ${allowed.join(', ') || 'nothing of ours'}.`,
    },
  ];
  if (contractsOnly.includes(folder)) {
    patterns.push({
      regex: '^(\\.\\./)+workflows/(?!.*(messages|snapshot|activities|task-queues|search-attributes|story)$)',
      message: 'Of workflows/ only the contracts may be imported here.',
    });
  }
  if (folder === 'workflows') {
    patterns.push(
      {
        regex: '^(\\.\\./)+rules/calendar(/|$)',
        message:
          'Wall-clock rules are decided outside of workflows: time zone data would enter their replay.',
      },
      {
        regex: `^(node:.*|${builtinModules.join('|')})$`,
        message: 'Node built-ins do not exist in the workflow sandbox.',
      },
    );
  }
  return {
    files: [`${folder}/**/*.{ts,tsx}`],
    rules: { 'no-restricted-imports': ['error', { patterns }] },
  };
});

export default defineConfig(
  { ignores: ['dist', '.vardmote', 'coverage', 'node_modules'] },
  js.configs.recommended,
  ...ts.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      // Recurses without end into mongoose's schema types.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      'no-restricted-syntax': [
        'error',
        {
          selector: "MemberExpression[object.name='process'][property.name='env']",
          message: 'Only config.ts reads the environment.',
        },
        { selector: 'TSEnumDeclaration', message: 'Union types of kebab strings, no enums.' },
      ],
      'no-console': 'error',
    },
  },
  ...importDirections,
  {
    // What judges the service shares no code with it.
    files: ['faults/checker/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^\\.\\./', message: 'The checker imports nothing of ours.' }] },
      ],
    },
  },
  {
    files: [
      'config.ts',
      'local/**/*.mjs',
      'faults/**/*.mjs',
      'bench/**/*.mjs',
      'ops/**/*.mjs',
      'docs/**/*.mjs',
      'test/**',
    ],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    files: ['local/**/*.mjs', 'faults/**/*.mjs', 'test/**', 'worker/build-bundle.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    // The launcher runs before anything is installed: plain JavaScript, checked by tsc through its JSDoc.
    files: ['**/*.mjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        fetch: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
        URL: 'readonly',
        AbortSignal: 'readonly',
      },
    },
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    // What runs in browsers, served as it is written: checked by tsconfig.browser.json, in the language of phones from 2018.
    files: ['**/assets/*.js'],
    ...ts.configs.disableTypeChecked,
  },
  {
    files: ['**/assets/*.js'],
    languageOptions: {
      sourceType: 'script',
      globals: Object.fromEntries(
        [
          'document',
          'window',
          'location',
          'history',
          'navigator',
          'fetch',
          'setTimeout',
          'clearTimeout',
          'setInterval',
          'clearInterval',
          'requestAnimationFrame',
          'AbortController',
          'CustomEvent',
          'DOMParser',
          'EventSource',
          'FormData',
          'URL',
          'URLSearchParams',
        ].map((name) => [name, 'readonly']),
      ),
    },
    rules: {
      'no-restricted-syntax': [
        'error',
        'ChainExpression',
        "LogicalExpression[operator='??']",
        'AssignmentExpression[operator=/^(\\?\\?|&&|[|][|])=$/]',
        'CatchClause[param=null]',
        'PropertyDefinition',
        'PrivateIdentifier',
        'ImportExpression',
      ],
      // Left out only by syntax that those phones do not know.
      '@typescript-eslint/no-unused-vars': ['error', { caughtErrorsIgnorePattern: '^_' }],
    },
  },
  // The bench hands out closures, as the tests' harness does.
  { files: ['bench/**/*.ts'], rules: { '@typescript-eslint/unbound-method': 'off' } },
  { files: ['test/**/*.ts'], ...jest.configs['flat/recommended'] },
  {
    files: ['test/**/*.ts'],
    rules: {
      'jest/expect-expect': ['error', { assertFunctionNames: ['expect*', 'fc.assert'] }],
      // What returns before it asserts guards nothing.
      'no-restricted-syntax': [
        'error',
        ...['callee.name', 'callee.callee.object.name'].map((callee) => ({
          selector: `CallExpression[${callee}=/^(it|test)$/] > :function.arguments > BlockStatement > IfStatement > :matches(ReturnStatement, BlockStatement > ReturnStatement).consequent`,
          message: 'A test that returns early asserts nothing: make it a test of those that it is about.',
        })),
      ],
      'jest/no-standalone-expect': 'off',
      // The harness hands out closures, not methods with a this.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
    },
  },
  prettier,
);
