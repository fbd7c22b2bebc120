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

/**
 * These look at HTTP, forms, rules and stores, and ask the database for nothing that others do not ask: they run on PostgreSQL by
 * `npm run test:postgres` only.
 */
const NOT_ABOUT_DATABASES = [
  'admin/tampered-backups',
  'auth/(access-matrix|remembered-passwords|simple-requests|undeclared-route)',
  'files/(archive|conditions|disks|hidden-on-minio|listing-folders|listing-formats|lost-completion|odd-names)',
  'files/(listing-pages|presigned|presigned-stores|short-ranges|slashes-and-markers|storage-failures)',
  'openapi/(document|examples)',
  'query/(long-statements|select)',
  'server/(answers|clear-request|documented-routes|log|route-inputs|stalled-clients)',
  'stages/connection-options',
  'stores/.*',
  'upload/(broken-form|checksums|encoded|legal-forms|limits|overwrite|raw-upload|upload)',
].map((names) => `<rootDir>/test/e2e/${names}\\.spec\\.ts$`);

/** The specs of a project again, with the service's data in PostgreSQL. */
const onPostgres = (name, testMatch) => ({
  ...base,
  displayName: `${name}-postgres`,
  testMatch,
  testPathIgnorePatterns: process.env['STAGEDOOR_TEST_ALL'] === 'yes' ? [] : NOT_ABOUT_DATABASES,
  setupFiles: [...base.setupFiles, '<rootDir>/test/support/on-postgres.mjs'],
});

export default {
  globalSetup: './test/support/global-setup.mjs',
  globalTeardown: './test/support/global-teardown.mjs',
  testSequencer: './test/support/longest-first.mjs',
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
