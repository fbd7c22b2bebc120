import { classifyForm } from './form-oracle.mjs';
import { classifyRequest } from './form-http-oracle.mjs';

/** @import { Framing } from './form-http-oracle.mjs' */
/** @import { FormVerdict } from './form-oracle.mjs' */

/** @typedef {Pick<FormVerdict, 'verdict' | 'reason' | 'files'> & { framing: Framing }} Verdict */

/**
 * What a server may make of the bytes of an upload, by the RFCs.
 *
 * @param {Buffer} bytes
 * @returns {Verdict}
 */
export function verdictOf(bytes) {
  const request = classifyRequest(bytes);
  const framing = request.state;
  if (request.fields === undefined) return { verdict: 'broken', reason: request.reason, files: [], framing };
  const form = classifyForm(request.fields.get('content-type')?.[0], request.body);
  if (framing === 'short') return { ...form, verdict: 'broken', reason: 'cut short', framing };
  if (framing === 'broken') return { ...form, verdict: 'broken', reason: request.reason, framing };
  if (form.verdict === 'broken' || request.doubts.length === 0) return { ...form, framing };
  const doubts = [...new Set([...request.doubts, ...form.doubts])];
  return { ...form, verdict: 'doubtful', reason: doubts.join(', '), framing };
}
