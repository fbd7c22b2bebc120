const base = {
  testEnvironment: 'node',
  setupFiles: ['<rootDir>/test/support/one-error-class.mjs'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json'],
  moduleNameMapper: {
    '/(checksum|walk)-worker-url\\.js$': '<rootDir>/test/support/worker-urls.mjs',
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
    project('acceptance'),
    project('chaos'),
    project('fuzz'),
    project('large'),
  ],
};
