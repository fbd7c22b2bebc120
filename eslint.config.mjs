import tseslint from 'typescript-eslint';

const house = [
  {
    selector: "MemberExpression[object.name='process'][property.name='env']",
    message: 'Only src/config reads the environment.',
  },
  {
    selector: "ThrowStatement > NewExpression[callee.name='Error']",
    message: 'Throw a typed error (StorageError, StageError, UploadError, ConfigError).',
  },
  {
    selector: 'ExportAllDeclaration',
    message: 'No barrels, no export *: import from the file that owns the name.',
  },
  { selector: 'TSEnumDeclaration', message: 'Use a string-literal union.' },
  {
    selector: "CallExpression[callee.property.name=/^on(ce)?$/][arguments.0.value='data']",
    message: 'Use pipeline()/for await: a data listener drops backpressure.',
  },
  {
    selector: "CallExpression[callee.property.name='pipe'][arguments.length=1]",
    message: 'Use stream/promises pipeline(): .pipe() loses errors and aborts.',
  },
  {
    selector: "NewExpression[callee.name='Promise']",
    message: 'Use async/await, timers/promises, events.once; wrap a callback API only in its adapter file.',
  },
];

const decidedInAccess = {
  selector: "Identifier[name='isAdmin']",
  message: 'src/access decides who may: ask requirePrivilege(), may() or isVisible().',
};

/** What a page may not do. Preact writes texts as texts: nothing may go around that. */
const ofPages = [
  ...house.filter(({ selector }) => /^(ExportAll|TSEnum|ThrowStatement)/.test(selector)),
  {
    selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']",
    message: 'Names and contents are shown as text.',
  },
  {
    selector: 'MemberExpression[property.name=/^(innerHTML|outerHTML|insertAdjacentHTML|srcdoc)$/]',
    message: 'Names and contents are shown as text.',
  },
];

export default tseslint.config(
  {
    ignores: [
      'dist/',
      'node_modules/',
      'data/',
      'coverage/',
      'clients/typescript/dist/',
      'clients/typescript/src/api.ts',
      '.dependency-cruiser.cjs',
    ],
  },
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['*.mjs', 'scripts/*.mjs'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      'no-restricted-syntax': ['error', ...house, decidedInAccess],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: false },
      ],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/return-await': ['error', 'in-try-catch'],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/max-params': ['error', { max: 4 }],
      'no-console': 'error',
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'hack'] }],
      'max-lines-per-function': ['error', { max: 45, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['console/src/**/*.{ts,tsx}'],
    rules: {
      'no-restricted-syntax': ['error', ...ofPages],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: false },
      ],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/max-params': ['error', { max: 4 }],
      'no-console': 'error',
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'hack'] }],
      'max-lines-per-function': ['error', { max: 45, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['src/access/**/*.ts', 'src/users/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...house] },
  },
  {
    // Where the environment is read, and where callbacks become promises and events a stream: of a request and its form's parser,
    // of an answer's body and an upload's, of a thread, of what waits for a transaction.
    files: [
      'src/http/request/send-body.ts',
      'src/config/shortcuts.ts',
      'src/config/app-config.ts',
      'src/config/given-settings.ts',
      'src/config/library-notices.ts',
      'src/config/tracing-config.ts',
      'src/database/commit-queue.ts',
      'src/storage/providers/fs/write/pipe-body.ts',
      'src/runtime/worker-client.ts',
      'src/upload/admission/part-buffers.ts',
      'src/upload/form/multipart-upload-stream.ts',
      'src/upload/body/incoming-body.ts',
      'src/upload/form/part-body.ts',
    ],
    rules: { 'no-restricted-syntax': 'off' },
  },
  { files: ['**/*.mjs'], extends: [tseslint.configs.disableTypeChecked] },
);
