import { resolve } from 'node:path';

/* Under Jest sources run where they lie, and the build has copied the page's libraries next to the bundle. */

export const DOCS_FOLDER = resolve(import.meta.dirname, '../../dist/server/docs');
