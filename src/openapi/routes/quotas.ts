import { empty, json, type Operation, type Routes } from '../document/description.js';
import { OF_CHANGING, OF_STORES } from '../document/error-groups.js';
import { QUOTA } from '../schemas/quota.js';

const FRESH = { fresh: '`true`: asks the store by a listing, and counts anew.' };
const SET: Omit<Operation, 'id' | 'summary' | 'body'> = {
  description: 'It takes the place of any before. A stage that had none is listed and counted first.',
  answers: { 200: json('The quota as it is now.', QUOTA) },
};
const FIELDS = {
  max_bytes: 'The most bytes; null or absent for no limit.',
  max_files: 'The most files; null or absent for no limit.',
  force: 'Accepts a quota below what is used: nothing can be added then.',
};
const EXAMPLES = [{ max_bytes: 1_000_000_000, max_files: 10_000 }];
const OF_STAGE = ['UnknownStage', 'NoQuota'] as const;
const OF_USER = ['UnknownUser'] as const;

export const QUOTA_ROUTES: Routes = {
  tag: 'Quotas',
  description: "How much internal stages, and users' own, may hold. Administrators set it.",
  operations: {
    'GET /v1/stages/{name}/quota': {
      id: 'getQuota',
      summary: 'Shows the quota of a stage, and what is used of it.',
      query: FRESH,
      answers: { 200: json('The quota.', QUOTA) },
      fails: [...OF_STORES, ...OF_STAGE],
    },
    'PUT /v1/stages/{name}/quota': {
      id: 'setQuota',
      summary: 'Sets the quota of an internal stage.',
      body: { id: 'NewQuota', fields: FIELDS, examples: EXAMPLES },
      ...SET,
      fails: [...OF_CHANGING, ...OF_STORES, ...OF_STAGE, 'QuotaBelowUse'],
    },
    'DELETE /v1/stages/{name}/quota': {
      id: 'removeQuota',
      summary: 'Removes the quota of a stage.',
      answers: { 204: empty('It has none.') },
      fails: [...OF_CHANGING, ...OF_STAGE],
    },
    'GET /v1/users/{name}/quota': {
      id: 'getUserQuota',
      summary: "Shows the quota of a user's own stage.",
      query: FRESH,
      answers: { 200: json('The quota.', QUOTA) },
      fails: [...OF_STORES, ...OF_USER],
    },
    'PUT /v1/users/{name}/quota': {
      id: 'setUserQuota',
      summary: "Sets the quota of a user's own stage.",
      body: { id: 'NewUserQuota', fields: FIELDS, examples: EXAMPLES },
      ...SET,
      fails: [...OF_CHANGING, ...OF_STORES, ...OF_USER, 'QuotaBelowUse'],
    },
    'DELETE /v1/users/{name}/quota': {
      id: 'removeUserQuota',
      summary: "Removes the quota of a user's own stage.",
      answers: { 204: empty('It has none.') },
      fails: [...OF_CHANGING, ...OF_USER],
    },
  },
};
