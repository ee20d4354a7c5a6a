import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import jest from 'eslint-plugin-jest';
import { defineConfig } from 'eslint/config';
import ts from 'typescript-eslint';

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
    // What runs in browsers, served as it is written: checked by tsconfig.browser.json, in the language of
    // phones from 2018.
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
          'MediaStream',
          'RTCPeerConnection',
          'URL',
          'URLSearchParams',
          'Response',
          'XMLHttpRequest',
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
