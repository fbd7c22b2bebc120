import type { ListObjectsV2CommandOutput, S3Client } from '@aws-sdk/client-s3';
import { type AnswerWithBody, isAnswer, wholeAnswer } from '../client/s3-answers.js';
import { type ListingEntry, extractEntries } from './s3-listing-entries.js';

/**
 * Reads the entries of listings in place of the SDK, whose XML parser and schemas take several times as long as the store itself.
 * The SDK reads the rest of the answer, and every answer in another form.
 */
export function readListingEntries(client: S3Client): void {
  const entriesOf = new WeakMap<object, ListingEntry[]>();
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const result = await next(args);
        const { response } = result;
        if (commandName !== 'ListObjectsV2Command' || !isListing(response)) return result;
        const bytes = await wholeAnswer(response.body);
        const listing = extractEntries(bytes.toString('utf8'));
        response.body = listing === undefined ? bytes : Buffer.from(listing.rest);
        if (listing !== undefined) entriesOf.set(response, listing.entries);
        return result;
      },
    { step: 'deserialize', priority: 'low', name: 'extractListingEntries' },
  );
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const entries = isListing(result.response) ? entriesOf.get(result.response) : undefined;
      if (entries !== undefined) (result.output as ListObjectsV2CommandOutput).Contents = entries; // of that command
      return result;
    },
    { step: 'deserialize', priority: 'high', name: 'addListingEntries' },
  );
}

function isListing(response: unknown): response is AnswerWithBody {
  return isAnswer(response) && response.statusCode === 200;
}
