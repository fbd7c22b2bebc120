import { z } from 'zod';
import { json, type Routes } from '../document/description.js';
import { HEALTH_CHECK } from '../schemas/health.js';

export const SERVICE_ROUTES: Routes = {
  tag: 'Service',
  description: 'The server itself.',
  operations: {
    'GET /health': {
      id: 'health',
      summary: 'Says that the process lives.',
      answers: { 200: json('It lives.', z.looseObject({ status: z.literal('ok') })) },
    },
    'GET /ready': {
      id: 'ready',
      summary: 'Says that requests can be served.',
      answers: {
        200: json('They can.', z.looseObject({ status: z.literal('ready'), checks: z.array(HEALTH_CHECK) })),
      },
      fails: ['NotReady'],
    },
    'GET /version': {
      id: 'version',
      summary: 'Says which version runs.',
      answers: { 200: json('The version.', z.looseObject({ version: z.string() })) },
    },
    'GET /metrics': {
      id: 'metrics',
      summary: 'Gives figures for Prometheus.',
      description: 'Also for who has the token of `METRICS_TOKEN`, on this route alone.',
      security: [{ basic: [] }, { bearer: [] }, { metricsToken: [] }],
      answers: { 200: { description: 'The figures.', content: { 'text/plain': { type: 'string' } } } },
    },
    'GET /openapi.json': {
      id: 'getDocument',
      summary: 'Gives this document.',
      answers: {
        200: json('The document.', z.looseObject({ openapi: z.string(), paths: z.looseObject({}) })),
      },
    },
    'GET /docs': {
      id: 'docs',
      summary: 'Is a page that shows this document.',
      answers: {
        200: {
          description: 'The page.',
          headers: ['CacheControl'],
          content: { 'text/html': { type: 'string' } },
        },
        308: { description: 'The page, where the URL ends in a slash.', headers: ['Location'] },
      },
    },
    'GET /docs/{file}': {
      id: 'docsFile',
      summary: 'Gives a file of that page.',
      answers: {
        200: {
          description: 'The file.',
          headers: ['LastModified', 'AcceptRanges', 'CacheControl'],
          content: { 'text/javascript': { type: 'string' }, 'text/css': { type: 'string' } },
        },
      },
      fails: ['UnknownRoute'],
    },
  },
};
