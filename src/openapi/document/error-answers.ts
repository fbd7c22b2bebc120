import type { AnsweredKind, ErrorRow } from '../../http/errors/error-table.js';
import type { Answer } from './description.js';
import { ERROR_MEANINGS } from './error-meanings.js';
import type { AnswerHeader } from './headers.js';
import type { JsonSchema } from './json-schema.js';

/** A kind of error with its status. */
export type KindRow = Pick<ErrorRow, 'status'> & { readonly kind: string };

/** Headers of errors, by status. */
const HEADERS: Readonly<Record<number, readonly AnswerHeader[]>> = {
  401: ['WwwAuthenticate'],
  405: ['Allow'],
  416: ['ContentRange'],
  429: ['RetryAfter'],
  503: ['RetryAfter'],
};

/** Never answered: its client has left. */
const UNANSWERED = 499;

/** Makes the answers of an operation that fails: one for each status, with its kinds. */
export class ErrorAnswers {
  readonly #statuses: ReadonlyMap<string, number>;

  constructor(rows: readonly KindRow[]) {
    this.#statuses = new Map(rows.map(({ kind, status }) => [kind, status]));
  }

  of(kinds: readonly AnsweredKind[]): Readonly<Record<number, Answer>> {
    const byStatus = new Map<number, AnsweredKind[]>();
    for (const kind of [...new Set(kinds)].sort()) {
      const status = this.#statuses.get(kind) ?? UNANSWERED;
      if (status !== UNANSWERED) byStatus.set(status, [...(byStatus.get(status) ?? []), kind]);
    }
    return Object.fromEntries([...byStatus].map(([status, each]) => [status, answerOf(status, each)]));
  }
}

function answerOf(status: number, kinds: readonly AnsweredKind[]): Answer {
  const description = kinds.map((kind) => `- \`${kind}\`: ${ERROR_MEANINGS[kind]}`).join('\n');
  const repeats: readonly AnswerHeader[] = kinds.includes('IdempotencyConflict')
    ? ['RetryAfter', 'UploadId']
    : [];
  return {
    description,
    headers: [...(HEADERS[status] ?? []), ...repeats],
    content: { 'application/json': errorSchema(kinds) },
  };
}

/** The error of `components/schemas`, of one of these kinds. */
function errorSchema(kinds: readonly string[]): JsonSchema {
  const kind = { type: 'string', enum: kinds };
  const error = { type: 'object', properties: { kind } };
  return { allOf: [{ $ref: '#/components/schemas/Error' }, { type: 'object', properties: { error } }] };
}
