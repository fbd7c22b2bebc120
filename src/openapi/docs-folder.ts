import { fileURLToPath } from 'node:url';

/** Folder of the libraries of the page. The build copies them next to the bundle. */
export const DOCS_FOLDER = fileURLToPath(new URL('./docs', import.meta.url));
