import createClient from 'openapi-fetch';
import type { components, paths } from '../../../clients/typescript/src/api.js';
import { StagedoorError } from '../../../clients/typescript/src/stagedoor-error.js';

export type Schemas = components['schemas'];

/** The address of the server, without a slash at its end: the page's own. */
export const SERVER = new URL('.', document.baseURI).href.replace(/\/$/, '');

/** Every route of the API, typed by the document that the server gives of itself. */
export const api = createClient<paths, 'application/json'>({
  baseUrl: SERVER,
  credentials: 'omit',
  cache: 'no-store',
});

api.use({
  async onResponse({ response }) {
    if (!response.ok) throw new StagedoorError(response, await response.text());
  },
});

/** Waits for an answer, and returns its body. @throws StagedoorError for one that is an error. */
export async function bodyOf<Body>(call: Promise<{ readonly data?: Body }>): Promise<NonNullable<Body>> {
  const { data } = await call;
  if (data === undefined || data === null) throw new TypeError('The answer has no body.');
  return data;
}
