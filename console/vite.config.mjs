import { join } from 'node:path';

import { defineConfig } from 'vite';

/** Written for React, built with Preact: a third of the size, and the same source. */
const PREACT = {
  'react-dom/client': 'preact/compat/client',
  'react-dom': 'preact/compat',
  'react/jsx-runtime': 'preact/jsx-runtime',
  react: 'preact/compat',
};

/** Its name holds no digest: it is linked to as it stands. */
const LICENCES = 'console/licences.md';

export default defineConfig({
  root: import.meta.dirname,
  base: './', // a proxy may serve the page below a path of its own
  resolve: { alias: PREACT },
  build: {
    outDir: join(import.meta.dirname, '../dist/console'),
    assetsDir: 'console',
    assetsInlineLimit: 0, // the policy allows no data: URLs
    emptyOutDir: true,
    license: { fileName: LICENCES }, // those of all that is bundled ask to go along
    target: 'es2023',
    modulePreload: { polyfill: false },
    // Leaves out its Snappy, which is made at once, of WebAssembly: the policy refuses it, and hyparquet has its own.
    rolldownOptions: {
      treeshake: { moduleSideEffects: [{ test: /hyparquet-compressors/, sideEffects: false }] },
    },
  },
});
