import type { Response } from 'express';
import { sendPieces } from '../../../http/request/send-body.js';
import type { FilePage } from './file-listings.js';
import { LISTING_FORMATS, type FormatOptions, type ListingType } from './listing-formats.js';

export const LISTING_TYPES: readonly ListingType[] = ['application/json', 'application/x-ndjson'];

/** Sends a page as it is listed. */
export async function sendListing(
  response: Response,
  page: FilePage,
  { type, ...options }: FormatOptions & { readonly type: ListingType },
): Promise<void> {
  await sendPage(response, LISTING_FORMATS[type](page, options), type);
}

/** Sends a page that is in the format which the client has chosen. */
export async function sendPage(
  response: Response,
  pieces: AsyncGenerator<string>,
  type: ListingType,
): Promise<void> {
  await sendPieces(pieces, response, () => {
    response.status(200).vary('Accept').set('content-type', `${type}; charset=utf-8`);
  });
}
