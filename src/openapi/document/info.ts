import { VERSION } from '../../config/version.js';
import type { JsonSchema } from './json-schema.js';

export const INFO: JsonSchema = {
  title: 'Stagedoor',
  version: VERSION,
  summary: 'Files land in stages before a warehouse loads them.',
  description: [
    "A server for stages: Databend's File Upload API, stages, files, presigned URLs, users and roles.",
    'Sign in by Basic, or by a session token or an API token as Bearer.',
    'An error is `{"error":{"code","kind","message"}}`: test for `kind`.',
    'A route of `GET` answers `HEAD` too. Every other method is 405, and `Allow` names those that work.',
    'Answers may get new fields.',
  ].join('\n\n'),
  license: { name: 'Apache License 2.0', identifier: 'Apache-2.0' },
};

export const SECURITY_SCHEMES: JsonSchema = {
  basic: {
    type: 'http',
    scheme: 'basic',
    description: 'A user and the password, or an API token in its place.',
  },
  bearer: { type: 'http', scheme: 'bearer', description: 'A session token from `login`, or an API token.' },
  metricsToken: { type: 'http', scheme: 'bearer', description: 'The token of the setting `METRICS_TOKEN`.' },
  refreshToken: { type: 'http', scheme: 'bearer', description: 'A refresh token from `login` or `refresh`.' },
};
