import { bytesOf } from './byte-store.mjs';
import { checkRemovalCondition } from './s3-conditions.mjs';
import { S3Error } from './s3-error.mjs';
import { document, element, elementsNamed, isLegalXml, textElement, textNamed } from './s3-xml.mjs';

/** @import { OperationContext } from './operation-context.mjs' */
/** @import { S3Answer } from './s3-answers.mjs' */

const MAX_KEYS = 1000;

/**
 * @param {OperationContext} context
 * @param {string} key
 * @param {string | undefined} ifMatch
 */
function remove({ store, quirks }, key, ifMatch) {
  if (quirks.refusesRemoval?.(bytesOf(key).toString())) {
    throw new S3Error('AccessDenied', 'Access Denied because object protected by object lock.');
  }
  checkRemovalCondition(store.find(key), ifMatch, quirks);
  store.drop(key);
}

/**
 * @param {OperationContext} context
 * @returns {S3Answer}
 */
function deleteObject(context) {
  const { key, headers } = context.request;
  remove(context, key, headers['if-match']);
  return { status: 204 };
}

/**
 * @param {OperationContext} context
 * @returns {Promise<S3Answer>}
 */
async function deleteObjects(context) {
  const { quirks, request, readBody } = context;
  if (quirks.multiDelete === 'missing') {
    throw new S3Error(
      'NotImplemented',
      'A header or query you provided requests a function that is not implemented.',
    );
  }
  const { bytes, hasDigest } = await readBody();
  const isMd5Sent = request.headers['content-md5'] !== undefined;
  if (quirks.multiDelete === 'wants-md5' ? !isMd5Sent : !hasDigest) {
    throw new S3Error('InvalidRequest', 'Missing required header for this request: Content-MD5');
  }
  const { isQuiet, objects } = readDeletion(bytes.toString('latin1'));
  const rows = objects.map(({ key, etag }) => removedRow(context, key, etag));
  const shown = rows.filter(({ isRemoved }) => !isRemoved || !isQuiet).map(({ row }) => row);
  return { headers: { 'content-type': 'application/xml' }, body: document('DeleteResult', shown.join('')) };
}

/** @param {string} xml */
function readDeletion(xml) {
  const bare = xml.replace(/<Delete\s[^>]*>/, '<Delete>');
  const [deletion] = elementsNamed('Delete', bare);
  if (!isLegalXml(xml) || deletion === undefined) throw malformed();
  const objects = elementsNamed('Object', deletion).map((object) => ({
    key: textNamed('Key', object) ?? '',
    etag: textNamed('ETag', object),
  }));
  const isComplete = objects.every(({ key }) => key !== '');
  if (!isComplete || objects.length === 0 || objects.length > MAX_KEYS) throw malformed();
  return { isQuiet: textNamed('Quiet', deletion) === 'true', objects };
}

function malformed() {
  const why = 'The XML you provided was not well-formed or did not validate against our published schema';
  return new S3Error('MalformedXML', why);
}

/**
 * @param {OperationContext} context
 * @param {string} key
 * @param {string | undefined} etag
 */
function removedRow(context, key, etag) {
  const shownKey = textElement('Key', key, context.quirks.controlCharacters);
  try {
    remove(context, key, etag);
    return { isRemoved: true, row: element('Deleted', shownKey) };
  } catch (error) {
    if (!(error instanceof S3Error)) throw error;
    const why = textElement('Code', error.code) + textElement('Message', error.message);
    return { isRemoved: false, row: element('Error', shownKey + why) };
  }
}

export const REMOVAL_OPERATIONS = { DeleteObject: deleteObject, DeleteObjects: deleteObjects };
