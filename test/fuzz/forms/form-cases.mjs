import { contentTypeOf, formPieces, randomForm, SMALL_FORMS, withDigest } from './form-corpus.mjs';
import {
  CHUNK_FRAGMENTS,
  formFragments,
  HEAD_FRAGMENTS,
  mutateBytes,
  mutatePieces,
} from './form-mutator.mjs';
import { FormRandom } from './form-random.mjs';

/** @import { Form } from './form-corpus.mjs' */

/**
 * An upload as bytes on the wire. It has a directory of its own in the stage, so that what it has stored is told from all else.
 *
 * @typedef {object} FormCase
 * @property {string} label
 * @property {string} directory
 * @property {Buffer} bytes
 * @property {readonly number[]} splits the places where a write ends
 */
/** @typedef {{ label: string, wire: Buffer, split?: number }} Cut */
/** @typedef {{ framing: string, head: Buffer, payload: Buffer, variants: (cut: number) => Buffer[] }} FramedForm */

const AUTHORIZATION = `Basic ${Buffer.from('root:').toString('base64')}`;
const CRLF = Buffer.from('\r\n');
const LAST_CHUNK = Buffer.from('0\r\n\r\n');

/**
 * @param {string} run
 * @param {number} index
 */
function directoryOf(run, index) {
  return `${run}/${Math.floor(index / 1000)}/${index}`;
}

/**
 * What is never mutated: who uploads, and where to.
 * @param {string} directory
 */
function fixedHead(directory) {
  return Buffer.from(
    `PUT /v1/upload_to_stage HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${AUTHORIZATION}\r\n` +
      `x-databend-stage-name: ~\r\nx-databend-relative-path: ${directory}\r\n`,
  );
}

/** @type {(form: Form, framing: string) => Buffer[]} */
const headPieces = (form, framing) =>
  [`Content-Type: ${contentTypeOf(form)}`, '\r\n', framing, '\r\n', '\r\n'].map(latin1);
/** @type {(text: string) => Buffer} */
const latin1 = (text) => Buffer.from(text, 'latin1');
/** @type {(length: number) => string} */
const lengthLine = (length) => `Content-Length: ${length}`;
const CHUNKED_LINE = 'Transfer-Encoding: chunked';

/** @param {Buffer} bytes */
function chunk(bytes) {
  return [latin1(bytes.length.toString(16)), CRLF, bytes, CRLF];
}

/**
 * Forms, mutated or not, in framings, mutated or not; the same for the same seed and index.
 * @param {{ seed: number, first: number, count: number }} range
 * @returns {Generator<FormCase>}
 */
export function* mutations({ seed, first, count }) {
  for (let index = first; index < first + count; index++) yield randomCase(seed, index);
}

/**
 * @param {number} seed
 * @param {number} index
 * @returns {FormCase}
 */
function randomCase(seed, index) {
  const directory = directoryOf(`s${seed}`, index);
  const random = new FormRandom(seed, index);
  const plain = randomForm(random);
  const form = new FormRandom(~seed, index).chance(0.1) ? withDigest(plain) : plain;
  const fragments = formFragments(form.boundary);
  const isMutated = random.chance(0.8);
  let pieces = formPieces(form);
  for (let left = isMutated ? random.pick([0, 1, 1, 1, 2, 3]) : 0; left > 0; left--) {
    pieces = mutatePieces(random, pieces, fragments);
  }
  /** @type {Buffer} */
  let body = Buffer.concat(pieces);
  for (let left = isMutated ? random.pick([0, 0, 1, 2]) : 0; left > 0; left--) {
    body = mutateBytes(random, body, fragments);
  }
  const wire = isMutated ? mutatedWire(random, form, body) : plainWire(random, form, body);
  const bytes = Buffer.concat([fixedHead(directory), wire]);
  const label = `seed ${seed}, index ${index}`;
  return { label, directory, bytes, splits: randomSplits(random, bytes.length) };
}

/**
 * @param {FormRandom} random
 * @param {Form} form
 * @param {Buffer} body
 */
function plainWire(random, form, body) {
  const isChunked = random.chance(0.4);
  const head = headPieces(form, isChunked ? CHUNKED_LINE : lengthLine(body.length));
  return Buffer.concat([...head, ...(isChunked ? randomChunks(random, body) : [body])]);
}

/**
 * @param {FormRandom} random
 * @param {Form} form
 * @param {Buffer} body
 */
function mutatedWire(random, form, body) {
  const isChunked = random.chance(0.4);
  const wrong = random.chance(0.05) ? random.pick([-2, -1, 1, 2, 100]) : 0;
  let head = headPieces(form, isChunked ? CHUNKED_LINE : lengthLine(body.length + wrong));
  let payload = isChunked ? randomChunks(random, body) : [body];
  if (random.chance(0.15)) head = mutatePieces(random, head, HEAD_FRAGMENTS);
  if (isChunked && random.chance(0.3)) payload = mutatePieces(random, payload, CHUNK_FRAGMENTS);
  const wire = Buffer.concat([...head, ...payload]);
  if (random.chance(0.05)) return mutateBytes(random, wire, HEAD_FRAGMENTS);
  return random.chance(0.05) ? wire.subarray(0, random.below(wire.length)) : wire;
}

/**
 * @param {FormRandom} random
 * @param {Buffer} body
 */
function randomChunks(random, body) {
  /** @type {Buffer[]} */
  const pieces = [];
  for (let at = 0; at < body.length;) {
    const to = Math.min(body.length, at + 1 + random.below(random.pick([3, 50, 1000, 100_000])));
    pieces.push(...chunk(body.subarray(at, to)));
    at = to;
    if (pieces.length > 200) break;
  }
  const done = pieces.reduce((sum, piece, index) => sum + (index % 4 === 2 ? piece.length : 0), 0);
  if (done < body.length) pieces.push(...chunk(body.subarray(done)));
  return [...pieces, LAST_CHUNK];
}

/**
 * @param {FormRandom} random
 * @param {number} length
 */
function randomSplits(random, length) {
  if (random.chance(0.8)) return [];
  const places = Array.from({ length: 1 + random.below(3) }, () => random.below(length));
  return places.sort((one, other) => one - other);
}

/**
 * Every cut point of small forms, in every framing; and each whole form in two writes, split at every point.
 * @param {readonly string[]} [names]
 * @returns {Generator<FormCase>}
 */
export function* cuts(names = Object.keys(SMALL_FORMS)) {
  let index = 0;
  for (const name of names) {
    const form = SMALL_FORMS[name];
    if (form === undefined) throw new Error(`There is no small form ${name}`);
    for (const { label, wire, split } of cutsOf(form)) {
      const directory = directoryOf('cut', index++);
      const head = fixedHead(directory);
      const splits = split === undefined ? [] : [head.length + split];
      yield { label: `cut: ${name}, ${label}`, directory, bytes: Buffer.concat([head, wire]), splits };
    }
  }
}

/**
 * @param {Form} form
 * @returns {Generator<Cut>}
 */
function* cutsOf(form) {
  for (const { framing, head, payload, variants } of framingsOf(form)) {
    const whole = Buffer.concat([head, payload]);
    for (let cut = 0; cut <= payload.length; cut++) {
      /** @param {string} how */
      const label = (how) => `${framing}, ${how} at ${cut}`;
      yield { label: label('split'), wire: whole, split: head.length + cut };
      yield { label: label('broken off'), wire: whole.subarray(0, head.length + cut) };
      for (const wire of variants(cut)) yield { label: label('ended as if it were whole'), wire };
    }
  }
}

/**
 * @param {Form} form
 * @returns {FramedForm[]}
 */
function framingsOf(form) {
  const body = Buffer.concat(formPieces(form));
  /** @param {number} length */
  const sizedHead = (length) => Buffer.concat(headPieces(form, lengthLine(length)));
  const chunkedHead = Buffer.concat(headPieces(form, CHUNKED_LINE));
  const middle = body.length >> 1;
  const halves = [body.subarray(0, middle), body.subarray(middle)];
  return [
    {
      framing: 'Content-Length',
      head: sizedHead(body.length),
      payload: body,
      variants: (cut) => [Buffer.concat([sizedHead(cut), body.subarray(0, cut)])],
    },
    {
      framing: 'chunked',
      head: chunkedHead,
      payload: Buffer.concat([...halves.flatMap(chunk), LAST_CHUNK]),
      variants: (cut) =>
        cut === 0 || cut > body.length
          ? []
          : [Buffer.concat([chunkedHead, ...chunk(body.subarray(0, cut)), LAST_CHUNK])],
    },
  ];
}
