import { copyCases, moveCases } from './copy.cases.js';

/** Cases that a store without the capability leaves out, by their names. */

/** `presign`. */
export const WITHOUT_PRESIGNING = [
  'abort: presign with a fired signal is Aborted',
  'presign: GET returns the content',
  'presign: GET of an object that does not exist is 404 when it is sent',
  'presign: PUT stores the body',
  'presign: PUT with a content type declares it in its headers',
  'presign: PUT with a content type refuses another',
  'presign: names that need escaping work for GET and PUT',
  'presign: says when the URL expires',
];

/** Its own counterpart. */
export const WITH_PRESIGNING = ['presign: is Unsupported where the capability says so'];

/** `maxObjectBytes` that a test could send. */
export const WITHOUT_SMALL_LIMIT = ['put: an object beyond maxObjectBytes is TooLarge and leaves nothing'];

/** `contentEtag`. */
export const WITHOUT_DIGEST_ETAG = [
  'put: an etag that is a digest of the content is the same for the same content',
];

/** `inspect`. */
export const WITHOUT_INSPECTION = [
  'inspect: changes nothing, neither objects nor their number',
  'inspect: of an empty root makes nothing',
  'inspect: resolves to findings, each that is not well with a reason and an advice',
];

const COPY_UNSUPPORTED = 'copy: is Unsupported where the capability says so';
const MOVE_UNSUPPORTED = 'move: is Unsupported where the capability says so';

/** `copy`, and its own counterpart. */
export const WITHOUT_COPY = copyCases.map(({ name }) => name).filter((name) => name !== COPY_UNSUPPORTED);
export const WITH_COPY = [COPY_UNSUPPORTED];

/** `move`, and its own counterpart. */
export const WITHOUT_MOVE = moveCases.map(({ name }) => name).filter((name) => name !== MOVE_UNSUPPORTED);
export const WITH_MOVE = [MOVE_UNSUPPORTED];

/** `contentType`, in a store that moves. */
export const WITHOUT_MOVED_CONTENT_TYPE = ['move: the content type goes along'];

/** `maxObjectBytes` for a copy in parts. */
export const WITHOUT_LONG_COPY = [
  'copy: a long object is copied in parts, under a condition and without one',
];
