import { empty, json, type Routes } from '../document/description.js';
import { OF_CHANGING } from '../document/error-groups.js';
import { ISSUED_TOKEN, TOKENS } from '../schemas/people.js';

export const TOKEN_ROUTES: Routes = {
  tag: 'API tokens',
  description: 'What programs sign in with.',
  operations: {
    'POST /v1/tokens': {
      id: 'createToken',
      summary: 'Makes an API token of the caller.',
      body: {
        id: 'NewToken',
        fields: {
          name: "1 to 63 characters, unique among the caller's tokens.",
          scope: 'What the token is good for; without it, for all that its user may do.',
          'scope.stages': 'Names of stages, `~` for the own one; without it, every stage.',
          'scope.prefix': 'With which names of files must begin.',
          'scope.privileges': 'What may be done there.',
          expires_in_seconds: {
            description: '1 second to 10 years; 90 days without it; null for never.',
            anyOf: [{ type: 'integer', minimum: 1, maximum: 315_360_000 }, { type: 'null' }],
          },
        },
        examples: [
          {
            name: 'nightly',
            scope: { stages: ['landing'], prefix: 'nightly/', privileges: ['READ', 'WRITE'] },
          },
        ],
      },
      answerHeaders: ['CacheControl'],
      answers: { 201: json('The token. No other answer holds it.', ISSUED_TOKEN) },
      fails: [...OF_CHANGING, 'InvalidToken', 'TokenAlreadyExists', 'TooManyTokens', 'UnknownStage'],
    },
    'GET /v1/tokens': {
      id: 'listTokens',
      summary: "Shows the caller's tokens.",
      answers: { 200: json('The tokens.', TOKENS) },
    },
    'DELETE /v1/tokens/{id}': {
      id: 'revokeToken',
      summary: "Revokes one of the caller's tokens.",
      answers: { 204: empty('The token is good for nothing any more.') },
      fails: [...OF_CHANGING, 'UnknownToken'],
    },
    'GET /v1/users/{name}/tokens': {
      id: 'listTokensOfUser',
      summary: 'Shows the tokens of a user.',
      answers: { 200: json('The tokens.', TOKENS) },
      fails: ['UnknownUser', 'InvalidUserName'],
    },
    'DELETE /v1/users/{name}/tokens': {
      id: 'revokeTokensOfUser',
      summary: 'Revokes all tokens of a user.',
      answers: { 204: empty('None of them is good for anything any more.') },
      fails: [...OF_CHANGING, 'UnknownUser', 'InvalidUserName'],
    },
    'DELETE /v1/users/{name}/tokens/{id}': {
      id: 'revokeTokenOfUser',
      summary: 'Revokes a token of a user.',
      answers: { 204: empty('The token is good for nothing any more.') },
      fails: [...OF_CHANGING, 'UnknownUser', 'UnknownToken', 'InvalidUserName'],
    },
  },
};
