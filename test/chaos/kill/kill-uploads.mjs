import { digest } from '../support/contents.mjs';
import { Random } from '../support/random.mjs';
import { formUpload, rawUpload } from '../support/upload-requests.mjs';

const KIB = 1024;
const MIB = 1024 * KIB;
/** Small ones dominate, so that a round is short; a store begins to take parts at 8 MiB. */
const SIZES = [
  [5, [0, 0]],
  [20, [1, 200]],
  [40, [200, 64 * KIB]],
  [20, [64 * KIB, 2 * MIB]],
  [9, [2 * MIB, 12 * MIB]],
  [4, [12 * MIB, 30 * MIB]],
];
const LARGE_BYTES = 2 * MIB;
const LARGE_NAMES = 6;
const SHARED_NAMES = 20;
const MAX_FILES = 5;
const SHAPES = [
  [40, 'raw'],
  [30, 'form of one'],
  [30, 'form of several'],
];
const DECLARATIONS = [
  [70, 'nothing'],
  [24, 'right'],
  [6, 'wrong'],
];
const CONDITIONS = [
  [70, 'none'],
  [15, 'absent'],
  [15, 'etag'],
];
const DIRECTORIES = ['in', 'in/deep', 'in/ä b'];
const NOTHING_DECLARED = { headers: {}, isRefused: false };
/** So many of the clients that send a single file leave in the middle of it. */
const LEAVE = 0.06;
const WRONG_DIGEST = digest('md5', 'something else', 'base64');

/**
 * The uploads of one round: the same for the same seed, round and index, but for the ETags of conditions.
 *
 * An upload is `{ label, stage, files, request, manner, condition, isRefused }`. `isRefused` marks one that can never
 * become visible: its client leaves before it is whole, or declares a digest that its content has not.
 */
export class RoundUploads {
  #options;

  /** `options` are `{ seed, round, pool, stages, declareDigests }`. */
  constructor(options) {
    this.#options = options;
  }

  /** `etagOf(stage, name)` is the last ETag that an answer gave for a file, or undefined. */
  upload(index, etagOf) {
    const { seed, round, stages } = this.#options;
    const random = new Random(seed, round, index);
    const shape = random.weighted(SHAPES);
    const framing = random.pick(['length', 'chunked']);
    const label = `round ${round}, upload ${index} (${shape}, ${framing})`;
    const draft = { label, stage: random.pick(stages), framing, condition: 'none' };
    if (shape === 'raw') return this.#raw(random, index, draft, etagOf);
    return this.#form(random, index, draft, shape === 'form of one' ? 1 : random.between(2, MAX_FILES));
  }

  #raw(random, index, draft, etagOf) {
    const file = this.#file(random, `${index}`);
    const condition = random.weighted(CONDITIONS);
    const declaration = this.#declaration(random, file);
    const etag = etagOf(draft.stage, file.name);
    const headers = { ...conditionHeaders(condition, etag), ...declaration.headers };
    const request = rawUpload({ ...draft, ...file, headers });
    return leftSometimes(random, { ...draft, condition, files: [file], request, ...declaration });
  }

  #form(random, index, draft, count) {
    const directory = random.chance(0.5) ? random.pick(DIRECTORIES) : undefined;
    const files = this.#files(random, index, count);
    // Where one of several has a wrong digest, the fate of the others is another question.
    const { headers, isRefused } = count === 1 ? this.#declaration(random, files[0]) : NOTHING_DECLARED;
    const request = formUpload({ ...draft, directory, files: files.map((file) => ({ ...file, headers })) });
    const placed = files.map((file) => ({ ...file, name: [directory, file.name].filter(Boolean).join('/') }));
    return leftSometimes(random, { ...draft, files: placed, request, isRefused });
  }

  /** Of different names. */
  #files(random, index, count) {
    const files = new Map();
    for (let i = 0; files.size < count; i += 1) {
      const file = this.#file(random, `${index}-${i}`);
      files.set(file.name, file);
    }
    return [...files.values()];
  }

  #file(random, freshName) {
    const [low, high] = random.weighted(SIZES);
    const content = this.#options.pool.take(random, random.between(low, high));
    if (content.size > LARGE_BYTES) return { name: `large/${random.below(LARGE_NAMES)}.bin`, content };
    if (random.chance(0.6)) return { name: `shared/ü ${random.below(SHARED_NAMES)}.csv`, content };
    return { name: `${freshDirectory(this.#options.round)}${freshName}.csv`, content };
  }

  #declaration(random, { content }) {
    const declared = this.#options.declareDigests ? random.weighted(DECLARATIONS) : 'nothing';
    if (declared === 'nothing') return NOTHING_DECLARED;
    if (declared === 'wrong') return { headers: { 'content-md5': WRONG_DIGEST }, isRefused: true };
    const headers = random.chance(0.5)
      ? { 'content-md5': digest('md5', content.bytes, 'base64') }
      : { 'x-amz-checksum-sha256': digest('sha256', content.bytes, 'base64') };
    return { headers, isRefused: false };
  }
}

/** Below each of these lie files whose names nobody uses in another round. */
export function freshPrefixes(round) {
  return ['', ...DIRECTORIES.map((directory) => `${directory}/`)].map(
    (prefix) => `${prefix}${freshDirectory(round)}`,
  );
}

function freshDirectory(round) {
  return `fresh/${round}/`;
}

function leftSometimes(random, { files, request, label, ...upload }) {
  const [{ content }] = files;
  const leaves = files.length === 1 && content.size > 0 && random.chance(LEAVE);
  if (!leaves) return { ...upload, label, files, request, manner: {} };
  const leaveAfter = request.bodyStart + random.below(content.size);
  return {
    ...{ ...upload, files, request },
    label: `${label} whose client leaves`,
    manner: { leaveAfter },
    isRefused: true,
  };
}

function conditionHeaders(condition, etag) {
  if (condition === 'absent') return { 'if-none-match': '*' };
  return condition === 'etag' && etag !== undefined ? { 'if-match': etag } : {};
}
