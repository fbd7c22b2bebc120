import type { Response } from 'express';
import { RequestError } from './request-error.js';

/**
 * Chooses the media type of an answer by the header Accept.
 *
 * @param types the first one is for who accepts any.
 * @throws RequestError of kind `NotAcceptable`.
 */
export function acceptedType<Type extends string>({ req: request }: Response, types: readonly Type[]): Type {
  const accepted = request.accepts([...types]);
  const type = types.find((each) => each === accepted);
  if (type !== undefined) return type;
  throw new RequestError(
    'NotAcceptable',
    `The header Accept leaves no form for the answer: send ${types.join(' or ')}, or no Accept at all.`,
  );
}
