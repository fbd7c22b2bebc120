/*
 * What a server's answer to an upload was worth, beside what the oracles say of its bytes and what lies in the stage.
 */

/** @import { FormAnswer, FormEnd } from './form-connection.mjs' */
/** @import { Verdict } from './oracle/form-verdict.mjs' */

/** @typedef {ReadonlyMap<string, Buffer>} Stored The files of the upload's own directory, by path. */
/** @typedef {{ state?: unknown, files?: string[], error?: { message?: unknown } }} AnswerBody */
/**
 * @typedef {object} Outcome
 * @property {string} kind
 * @property {string} [reason] why a whole or doubtful form was refused
 * @property {string | undefined} [violation]
 */

/**
 * @param {Verdict} verdict
 * @param {FormEnd} answer
 * @param {Stored} stored
 * @returns {Outcome}
 */
export function outcomeOf(verdict, answer, stored) {
  if (answer === 'hang') return { kind: 'hang', violation: 'neither answered nor closed' };
  if (answer === 'closed') {
    const violation =
      verdict.framing === 'complete' ? 'closed without an answer' : problemOfRest(verdict, stored);
    return { kind: 'closed', violation };
  }
  if (answer.status >= 500) return outcomeOfServerError(verdict, answer, stored);
  return answer.status === 200 ? accepted(verdict, answer, stored) : refused(verdict, answer, stored);
}

/**
 * @param {Verdict} verdict
 * @param {FormAnswer} answer
 * @param {Stored} stored
 * @returns {Outcome}
 */
function outcomeOfServerError(verdict, answer, stored) {
  const isBusy = answer.status === 503 && /\r\nretry-after: \d/i.test(answer.headers);
  if (isBusy) return { kind: 'busy', violation: problemOfRest(verdict, stored) };
  return { kind: 'server error', violation: `status ${answer.status}` };
}

/**
 * @param {Verdict} verdict
 * @param {FormAnswer} answer
 * @param {Stored} stored
 * @returns {Outcome}
 */
function accepted(verdict, answer, stored) {
  const { state, files } = parsed(answer.body) ?? {};
  if (state !== 'SUCCESS') return { kind: 'accepted', violation: 'status 200 without SUCCESS' };
  if (verdict.verdict === 'broken') {
    return { kind: 'false SUCCESS', violation: `SUCCESS for a form that is broken: ${verdict.reason}` };
  }
  return { kind: 'accepted', violation: problemOfSuccess(verdict, files, stored) };
}

/**
 * @param {Verdict} verdict
 * @param {string[] | undefined} files
 * @param {Stored} stored
 */
function problemOfSuccess(verdict, files, stored) {
  const names = JSON.stringify(verdict.files.map(({ name }) => name));
  const isNamed = JSON.stringify(files) === names;
  if (!isNamed) return `the answer names ${JSON.stringify(files)}, the form ${names}`;
  const expected = new Map(verdict.files.map(({ name, content }) => [pathOf(name), content]));
  if (stored.size !== expected.size)
    return `stored are ${[...stored.keys()]}, sent were ${[...expected.keys()]}`;
  for (const [path, content] of expected) {
    if (stored.get(path)?.equals(content) !== true) return `${path} is not stored as it was sent`;
  }
  return undefined;
}

/**
 * @param {Verdict} verdict
 * @param {FormAnswer} answer
 * @param {Stored} stored
 * @returns {Outcome}
 */
function refused(verdict, answer, stored) {
  if (answer.status === 417)
    return { kind: 'refused', reason: '417', violation: problemOfRest(verdict, stored) };
  const { error, files = [] } = parsed(answer.body) ?? {};
  if (typeof error?.message !== 'string') return { kind: 'refused', violation: 'an error without a message' };
  const reason = `${answer.status} ${withoutValues(error.message)}`;
  // The HTTP parser's own answer knows of no files. What follows a request can be answered so in its place, too.
  if (error.message.startsWith('The request is not valid HTTP')) {
    return {
      kind: 'refused',
      reason: `${verdict.framing}: ${reason}`,
      violation: problemOfRest(verdict, stored),
    };
  }
  const named = [...new Set(files.map(pathOf))].sort().join();
  const problem =
    named === [...stored.keys()].sort().join()
      ? problemOfRest(verdict, stored)
      : `the error names ${named || 'no file'}, stored are ${[...stored.keys()]}`;
  return { kind: 'refused', reason, violation: problem };
}

/**
 * Of a form that failed only files may be there that had come in whole.
 * @param {Verdict} verdict
 * @param {Stored} stored
 */
function problemOfRest({ files }, stored) {
  for (const [path, content] of stored) {
    const isSent = files.some((file) => pathOf(file.name) === path && file.content.equals(content));
    if (!isSent) return `${path} is stored, and the form holds no such whole file`;
  }
  return undefined;
}

/**
 * Slashes at the beginning count as none, and several as one.
 * @param {string} name
 */
function pathOf(name) {
  return name.replace(/\/+/g, '/').replace(/^\//, '');
}

/**
 * @param {string} body
 * @returns {AnswerBody | undefined}
 */
function parsed(body) {
  try {
    return JSON.parse(Buffer.from(body, 'latin1').toString());
  } catch {
    return undefined;
  }
}

/** @param {string} message */
function withoutValues(message) {
  const [line = ''] = message.split('\n', 1);
  return line
    .replace(/(['"`]).*\1/g, '…')
    .replace(/\d+/g, 'N')
    .slice(0, 120);
}
