import { messageOf } from '../../../scripts/lib/error-facts.mjs';
import { ContentPool } from '../support/contents.mjs';
import { Random } from '../support/random.mjs';
import { jsonOf } from '../support/stage-http.mjs';
import { formUpload, rawUpload } from '../support/upload-requests.mjs';

/** @import { Content } from '../support/contents.mjs' */
/** @import { Answer } from '../support/exchange.mjs' */
/** @import { StageHttp } from '../support/stage-http.mjs' */

/** @typedef {'raw' | 'form'} Shape */
/** @typedef {(size: number, ...words: (string | number)[]) => Content} Contents */
/** @typedef {{ shape: Shape, stage: string, name: string, content: Content, headers?: Record<string, string> }} ShapedUpload */

const POOL_BYTES = 32 * 1024 * 1024;

/**
 * Contents of files that are the same for the same seed and words, whatever runs beside.
 * @param {number} seed
 * @returns {Contents}
 */
export function contentsFrom(seed) {
  const pool = new ContentPool(seed, POOL_BYTES);
  return (size, ...words) => pool.take(new Random(seed, ...words), size);
}

/**
 * The answer to an upload in one of the shapes 'raw' and 'form', or one of status 0 where the connection broke off.
 * @param {StageHttp} service
 * @param {ShapedUpload} upload
 */
export function sendUpload(service, { shape, stage, name, content, headers = {} }) {
  const form = () => formUpload({ stage, files: [{ name, content }], headers });
  const raw = () => rawUpload({ stage, name, content, headers });
  return answered(service.send(shape === 'form' ? form() : raw()));
}

/**
 * @param {Promise<Answer>} asking
 * @returns {Promise<Answer>}
 */
export async function answered(asking) {
  try {
    return await asking;
  } catch (error) {
    return { status: 0, headers: {}, bytes: Buffer.from(`no answer: ${messageOf(error)}`) };
  }
}

/**
 * Whether a store holds this content.
 *
 * @param {Buffer | undefined} stored
 * @param {Content} content
 */
export function isStored(stored, content) {
  return stored !== undefined && content.equals(stored);
}

/** @param {Pick<Answer, 'status' | 'bytes'>} answer */
export function textOf({ status, bytes }) {
  return `${status} ${bytes.toString().slice(0, 200)}`;
}

/**
 * Whether the answer to an upload claims success.
 * @param {Answer} answer
 */
export function claimsSuccess(answer) {
  if (answer.status === 201) return true;
  return answer.status === 200 && (jsonOf(answer)?.state ?? 'SUCCESS') === 'SUCCESS';
}

/**
 * What is wrong with an answer that is no success: nothing, where it is a clear error.
 * @param {Answer} answer
 */
export function errorProblems(answer) {
  const { status, headers, bytes } = answer;
  if (status < 400 || status > 599 || status === 500) return [`no clear error: ${textOf(answer)}`];
  const error = jsonOf(answer)?.error;
  const isClear =
    Number.isInteger(error?.code) && typeof error?.message === 'string' && error.message.length > 10;
  const isJson = /^application\/json/.test(headers['content-type'] ?? '');
  const tellsInside = /\n\s+at |node_modules|\.[jt]s:\d+/.test(bytes.toString());
  return isClear && isJson && !tellsInside ? [] : [`no clear error: ${textOf(answer)}`];
}
