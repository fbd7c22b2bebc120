import process from 'node:process';

const base = {
  testEnvironment: 'node',
  setupFiles: ['<rootDir>/test/support/one-error-class.mjs'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json'],
  moduleNameMapper: {
    '/(checksum|password|walk)-worker-url\\.js$': '<rootDir>/test/support/worker-urls.mjs',
    '/docs-folder\\.js$': '<rootDir>/test/support/docs-folder.mjs',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          target: 'es2023',
        },
        module: { type: 'es6' },
      },
    ],
  },
};

const project = (displayName) => ({
  ...base,
  displayName,
  testMatch: [`<rootDir>/test/${displayName}/**/*.spec.ts`],
});

/** These look at stores, not at the database: they run on PostgreSQL by `npm run test:postgres` only. */
const ABOUT_STORES = ['<rootDir>/test/e2e/stores/', '<rootDir>/test/e2e/files/odd-names\\.spec\\.ts'];

/** The specs of a project again, with the service's data in PostgreSQL. */
const onPostgres = (name, testMatch) => ({
  ...base,
  displayName: `${name}-postgres`,
  testMatch,
  testPathIgnorePatterns: process.env['STAGEDOOR_TEST_ALL'] === 'yes' ? [] : ABOUT_STORES,
  setupFiles: [...base.setupFiles, '<rootDir>/test/support/on-postgres.mjs'],
});

export default {
  globalSetup: './test/support/global-setup.mjs',
  globalTeardown: './test/support/global-teardown.mjs',
  testTimeout: 60_000,
  // Modules of finished files stay in a worker's memory, and collecting them slowed later files down tenfold.
  workerIdleMemoryLimit: '768MB',
  projects: [
    project('unit'),
    project('conformance'),
    project('e2e'),
    onPostgres('e2e', ['<rootDir>/test/e2e/**/*.spec.ts']),
    project('acceptance'),
    project('chaos'),
    project('fuzz'),
    project('large'),
  ],
};
