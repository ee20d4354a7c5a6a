/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts', '**/*.test.tsx'],
  transform: {
    '^.+\\.(t|j|mj)sx?$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', tsx: true },
          transform: { react: { runtime: 'automatic', importSource: 'preact' } },
          target: 'es2022',
        },
        module: { type: 'commonjs' },
      },
    ],
  },
  // These are ES modules only; Jest runs CommonJS.
  transformIgnorePatterns: [
    '/node_modules/(?!(@borewit/text-codec|@tokenizer/inflate|file-type|jose|oauth4webapi|openid-client|oidc-provider|preact|preact-render-to-string|request-filtering-agent|strtok3|token-types|uint8array-extras)/)',
  ],
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  setupFilesAfterEnv: ['<rootDir>/test/support/warnings.ts'],
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  testSequencer: '<rootDir>/test/support/longest-first.mjs',
  testTimeout: 60_000,
  // Two cores: the servers want some of them too.
  maxWorkers: 2,
  // What a file has loaded is not all given back. Without this the later files of a whole run spend most of their
  // time in the collection of 4 GB of garbage.
  workerIdleMemoryLimit: '1GB',
  // The SDK's native runtime leaves a "neon threadsafe function" handle open, a known report.
  forceExit: true,
};
