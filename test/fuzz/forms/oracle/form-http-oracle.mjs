/*
 * An oracle of HTTP/1.1 framing by RFC 9112, for all bytes that a client has sent before it stops. Like the oracle of forms
 * it is strict, plain, and shares nothing with the service.
 */
import { NotByGrammar, TOKEN } from './form-field-value.mjs';

/** @typedef {'complete' | 'excess' | 'short' | 'broken'} Framing */
/** @typedef {Map<string, string[]>} Fields */
/**
 * @typedef {object} RequestVerdict
 * @property {Framing} state `excess` where bytes follow it, `short` where the sender has stopped too early
 * @property {string} reason
 * @property {string[]} doubts
 * @property {Fields} [fields] none where the head is broken itself
 * @property {Buffer} body what came before the break
 */
/**
 * No length where it does not come to its end.
 *
 * @typedef {{ body: string, length?: number | undefined, reason?: string }} Body
 */

const FIELD = new RegExp(`^(${TOKEN.source}):[ \\t]*(.*?)[ \\t]*$`, 's');

/**
 * The first request of the bytes.
 *
 * @param {Buffer} bytes
 * @returns {RequestVerdict}
 */
export function classifyRequest(bytes) {
  const text = bytes.toString('latin1');
  const nothing = Buffer.alloc(0);
  /** @type {string[]} */
  const doubts = [];
  const end = text.indexOf('\r\n\r\n');
  if (end === -1) return { state: 'short', reason: 'no end of the headers', doubts, body: nothing };
  try {
    const fields = fieldsOf(text.slice(0, end), doubts);
    const { body, length, reason } = bodyOf(text.slice(end + 4), fields, doubts);
    const state = reason !== undefined ? 'broken' : stateOf(text.length - end - 4, length);
    return { state, reason: reason ?? state, doubts, fields, body: Buffer.from(body, 'latin1') };
  } catch (error) {
    if (!(error instanceof NotByGrammar)) throw error;
    return { state: 'broken', reason: error.message, doubts, body: nothing };
  }
}

/**
 * @param {number} sent
 * @param {number | undefined} length
 */
function stateOf(sent, length) {
  if (length === undefined) return 'short';
  return length < sent ? 'excess' : 'complete';
}

/**
 * @param {string} head
 * @param {string[]} doubts
 */
function fieldsOf(head, doubts) {
  const [, ...lines] = unfold(head, doubts).split('\r\n');
  /** @type {Fields} */
  const fields = new Map();
  for (const line of lines) {
    const [, name, value = ''] = FIELD.exec(line) ?? [];
    if (name === undefined) throw new NotByGrammar('a header line that is none');

    if (/[\0-\x08\x0a-\x1f\x7f]/.test(value)) throw new NotByGrammar('a control character in a header');
    const key = name.toLowerCase();
    fields.set(key, [...(fields.get(key) ?? []), value]);
  }
  return fields;
}

/**
 * RFC 9112 lets a server put a space for a folded line, and take a bare line feed for a line's end.
 * @param {string} head
 * @param {string[]} doubts
 */
function unfold(head, doubts) {
  const lines = head.replace(/(?<!\r)\n/g, '\r\n');
  if (lines !== head) doubts.push('a bare line feed in the head');
  const unfolded = lines.replace(/\r\n[ \t]+/g, ' ');
  if (unfolded !== lines) doubts.push('a folded header of the request');
  return unfolded;
}

/**
 * @param {string} rest
 * @param {Fields} fields
 * @param {string[]} doubts
 * @returns {Body}
 */
function bodyOf(rest, fields, doubts) {
  const codings = fields.get('transfer-encoding');
  const lengths = fields.get('content-length');
  if (fields.has('content-encoding')) doubts.push('an encoded form');
  if ((fields.get('content-type')?.length ?? 0) > 1) doubts.push('two content types');
  if (codings !== undefined && lengths !== undefined) throw new NotByGrammar('a length and a coding');
  if (codings !== undefined) {
    const coding = codings.join(',').toLowerCase().trim();
    if (!/(^|[, \t])chunked$/.test(coding)) throw new NotByGrammar('an unknown coding');
    if (coding !== 'chunked') doubts.push('a coding before chunked');
    return chunkedBody(rest);
  }
  return lengths === undefined ? { body: '', length: 0 } : sizedBody(rest, lengths, doubts);
}

/**
 * @param {string} rest
 * @param {readonly string[]} lengths
 * @param {string[]} doubts
 * @returns {Body}
 */
function sizedBody(rest, lengths, doubts) {
  const [first = ''] = lengths;
  if (new Set(lengths).size > 1 || !/^\d+$/.test(first)) throw new NotByGrammar('a length that is none');
  if (lengths.length > 1) doubts.push('a length given twice');
  const length = Number(first);
  return length > rest.length ? { body: rest } : { body: rest.slice(0, length), length };
}

/**
 * @param {string} rest
 * @returns {Body} with a reason where a chunk is broken.
 */
function chunkedBody(rest) {
  /** @type {string[]} */
  const chunks = [];
  try {
    return { length: readChunks(rest, chunks), body: chunks.join('') };
  } catch (error) {
    if (!(error instanceof NotByGrammar)) throw error;
    return { body: chunks.join(''), reason: error.message };
  }
}

/**
 * @param {string} rest
 * @param {string[]} chunks
 */
function readChunks(rest, chunks) {
  for (let at = 0; ;) {
    const lineEnd = rest.indexOf('\r\n', at);
    if (lineEnd === -1) return undefined;
    const size = chunkSize(rest.slice(at, lineEnd));
    const start = lineEnd + 2;
    if (size === 0) return trailersEnd(rest, start);
    chunks.push(rest.slice(start, start + size));
    at = start + size + 2;
    if (at > rest.length) return undefined;
    if (rest.slice(at - 2, at) !== '\r\n') throw new NotByGrammar('a chunk of another size');
  }
}

/** @param {string} line */
function chunkSize(line) {
  const [, digits] = /^([0-9A-Fa-f]+)(?:[ \t]*;[\t\x20-\x7e\x80-\xff]*)?$/.exec(line) ?? [];
  if (digits === undefined || digits.length > 15) throw new NotByGrammar('a chunk size that is none');
  return parseInt(digits, 16);
}

/**
 * @param {string} rest
 * @param {number} start
 */
function trailersEnd(rest, start) {
  for (let at = start; ;) {
    const lineEnd = rest.indexOf('\r\n', at);
    if (lineEnd === -1) return undefined;
    if (lineEnd === at) return at + 2;
    if (!FIELD.test(rest.slice(at, lineEnd))) throw new NotByGrammar('a trailer that is none');
    at = lineEnd + 2;
  }
}
