import { createRequire } from 'node:module';

/** `#package` is what `imports` of package.json names: it is found from the sources and from the bundle alike. */
const { version } = createRequire(import.meta.url)('#package') as { readonly version: string }; // npm requires it

/** The version of Stagedoor. package.json is the only place that states it. */
export const VERSION = version;
