/*
 * An oracle of multipart forms by RFC 2046 and RFC 7578, for whole bodies in memory. It shares nothing with the service:
 * it is written from the grammar, as plainly as possible, and is strict.
 *
 * A form is `whole`, `broken`, or `doubtful`: a reading exists that harms nobody, but the RFCs do not ask a server for it.
 */
import { createHash } from 'node:crypto';

import { NotByGrammar, parseFieldValue, TOKEN } from './form-field-value.mjs';

/** @import { Parameter } from './form-field-value.mjs' */

/** @typedef {{ name: string, content: Buffer }} FormFile */
/**
 * @typedef {object} FormVerdict
 * @property {'whole' | 'doubtful' | 'broken'} verdict
 * @property {string} reason
 * @property {string[]} doubts
 * @property {FormFile[]} files those parts that are complete, also of a form that is broken elsewhere
 */

const CRLF = '\r\n';
const BCHARS = /^[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]$/;

/**
 * @param {string | undefined} contentType
 * @param {Buffer} body
 * @returns {FormVerdict}
 */
export function classifyForm(contentType, body) {
  /** @type {string[]} */
  const doubts = [];
  /** @type {FormFile[]} */
  const files = [];
  /** @type {string[]} */
  const reasons = [];
  /**
   * @template Value
   * @param {() => Value} step
   */
  const orReason = (step) => {
    try {
      return step();
    } catch (error) {
      if (!(error instanceof NotByGrammar)) throw error;
      reasons.push(error.message);
      return undefined;
    }
  };
  orReason(() => {
    const boundary = boundaryOf(contentType, doubts);
    for (const part of partsOf(body.toString('latin1'), boundary, doubts)) {
      const file = orReason(() => fileOf(part, doubts));
      if (file !== undefined) files.push(file);
    }
    if (files.length === 0) throw new NotByGrammar('no part');
  });
  const [reason] = reasons;
  if (reason !== undefined) return { verdict: 'broken', reason, doubts, files };
  const verdict = doubts.length === 0 ? 'whole' : 'doubtful';
  return { verdict, reason: doubts.join(', '), doubts, files };
}

/**
 * @param {string | undefined} contentType
 * @param {string[]} doubts
 */
function boundaryOf(contentType, doubts) {
  if (contentType === undefined) throw new NotByGrammar('no content type');
  const { value, parameters } = parseFieldValue(contentType, doubts);
  if (value.toLowerCase() !== 'multipart/form-data') throw new NotByGrammar('another content type');
  const given = parameters.filter(([name]) => name === 'boundary').map(([, text]) => text);
  const [boundary] = given;
  if (boundary === undefined) throw new NotByGrammar('no boundary');
  if (new Set(given).size > 1) throw new NotByGrammar('two boundaries');
  if (given.length > 1) doubts.push('boundary given twice');
  if (!BCHARS.test(boundary)) doubts.push('boundary outside of RFC 2046');
  return boundary;
}

/**
 * Yields what lies between delimiters.
 *
 * @param {string} text
 * @param {string} boundary
 * @param {string[]} doubts
 * @throws NotByGrammar unless the last one closes the form.
 */
function* partsOf(text, boundary, doubts) {
  /** @type {number | undefined} */
  let from;
  for (const { start, end, closes } of delimitersOf(text, `--${boundary}`, doubts)) {
    // Where delimiters share a line break nothing is between them.
    if (from !== undefined) yield text.slice(from, Math.max(from, start));
    if (closes) return;
    from = end;
  }
  throw new NotByGrammar('no closing delimiter');
}

/**
 * `start` is where the line break before a delimiter begins, `end` where the line after it does.
 *
 * @param {string} text
 * @param {string} dashed
 * @param {string[]} doubts
 */
function* delimitersOf(text, dashed, doubts) {
  for (let at = text.indexOf(dashed); at !== -1; at = text.indexOf(dashed, at + 1)) {
    if (at !== 0 && text.slice(at - 2, at) !== CRLF) continue;
    const rest = at + dashed.length;
    const closes = text.startsWith('--', rest);
    const [blanks = ''] = /^[ \t]*/.exec(text.slice(closes ? rest + 2 : rest)) ?? [];
    const padding = blanks.length;
    const lineEnd = rest + (closes ? 2 : 0) + padding;
    const isHalved = closes && text.slice(lineEnd) === '\r';
    if (!text.startsWith(CRLF, lineEnd) && !(closes && lineEnd === text.length) && !isHalved) {
      throw new NotByGrammar(closes ? 'a closing delimiter goes on' : 'a delimiter goes on');
    }
    if (isHalved) doubts.push('half a line break after the closing delimiter');
    if (padding > 0) doubts.push('padding after a delimiter');
    yield { start: at === 0 ? 0 : at - 2, end: lineEnd + 2, closes };
  }
}

/**
 * @param {string} part
 * @param {string[]} doubts
 * @returns {FormFile}
 */
function fileOf(part, doubts) {
  const { fields, content } = splitPart(part, doubts);
  const dispositions = fields.filter(([name]) => name === 'content-disposition').map(([, value]) => value);
  const [disposition] = dispositions;
  if (disposition === undefined) throw new NotByGrammar('a part without Content-Disposition');
  if (dispositions.length > 1) doubts.push('two Content-Disposition');
  const bytes = Buffer.from(content, 'latin1');
  checkDigest(fields, bytes);
  return { name: fileNameOf(disposition, doubts), content: bytes };
}

/**
 * RFC 1864: what was declared is what must have come.
 * @param {readonly Parameter[]} fields
 * @param {Buffer} bytes
 */
function checkDigest(fields, bytes) {
  const digest = createHash('md5').update(bytes).digest('base64');
  for (const [name, value] of fields) {
    if (name === 'content-md5' && value !== digest) throw new NotByGrammar('a file of another digest');
  }
}

/**
 * @param {string} part
 * @param {string[]} doubts
 */
function splitPart(part, doubts) {
  if (part === '' || part.startsWith(CRLF)) throw new NotByGrammar('a part without headers');
  const blank = part.indexOf(CRLF + CRLF);
  if (blank !== -1) {
    return { fields: fieldsOf(part.slice(0, blank), doubts), content: part.slice(blank + 4) };
  }
  // RFC 2046 has it in its grammar: header lines, each with its end, and nothing else.
  if (!part.endsWith(CRLF)) throw new NotByGrammar('headers without an end');
  doubts.push('a part without a body');
  return { fields: fieldsOf(part.slice(0, -2), doubts), content: '' };
}

/**
 * @param {string} block
 * @param {string[]} doubts
 * @returns {Parameter[]}
 */
function fieldsOf(block, doubts) {
  const unfolded = block.replace(/\r\n[ \t]+/g, ' ');
  if (unfolded !== block) doubts.push('a folded header');
  return unfolded.split(CRLF).map((line) => {
    const [, name, value = ''] = new RegExp(`^(${TOKEN.source}):(.*)$`, 's').exec(line) ?? [];
    if (name === undefined) throw new NotByGrammar('a header line that is none');

    if (/[\0-\x08\x0a-\x1f\x7f]/.test(value)) throw new NotByGrammar('a control character in a header');
    return [name.toLowerCase(), value.replace(/^[ \t]+|[ \t]+$/g, '')];
  });
}

/**
 * @param {string} disposition
 * @param {string[]} doubts
 */
function fileNameOf(disposition, doubts) {
  const { value, parameters } = parseFieldValue(disposition, doubts);
  if (value.toLowerCase() !== 'form-data') throw new NotByGrammar('another disposition');
  /** @param {string} name */
  const named = (name) => parameters.filter(([each]) => each === name).map(([, text]) => text);
  if (named('name').length === 0) throw new NotByGrammar('a part without a name');
  const names = [...named('filename*').map((text) => extended(text, doubts)), ...named('filename')];
  const [first] = names;
  if (first === undefined || first === '') throw new NotByGrammar('a text field');
  if (names.length > 1 || named('name').length > 1) doubts.push('a name given twice');
  // Neither a browser nor curl has sent it: nothing in it is an escape.
  return utf8(first);
}

/**
 * RFC 8187, which RFC 7578 does not want in forms.
 *
 * @param {string} text
 * @param {string[]} doubts
 * @returns bytes as Latin-1.
 */
function extended(text, doubts) {
  doubts.push('an extended file name');
  const [, escaped] = /^utf-8'[^']*'(.*)$/i.exec(text) ?? [];
  if (escaped === undefined) throw new NotByGrammar('an extended file name that is none');
  return escaped.replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
}

/** @param {string} text */
function utf8(text) {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(text, 'latin1'));
  } catch {
    throw new NotByGrammar('a name that is no UTF-8');
  }
}
