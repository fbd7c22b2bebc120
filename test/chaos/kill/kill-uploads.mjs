import { digest } from '../support/contents.mjs';
import { Random } from '../support/random.mjs';
import { formUpload, rawUpload } from '../support/upload-requests.mjs';

/** @import { UploadedFile } from './kill-ledger.mjs' */
/** @import { ContentPool } from '../support/contents.mjs' */
/** @import { Framing, UploadRequest } from '../support/upload-requests.mjs' */

/**
 * @typedef {object} Upload
 * @property {string} label
 * @property {string} stage
 * @property {readonly [UploadedFile, ...UploadedFile[]]} files
 * @property {UploadRequest} request
 * @property {{ leaveAfter?: number }} manner
 * @property {string} condition
 * @property {boolean} isRefused it can never become visible: its client leaves before it is whole, or declares a digest that its
 *   content has not
 */
/** @typedef {Pick<Upload, 'label' | 'stage' | 'condition'> & { framing: Framing }} Draft */
/** @typedef {{ headers: Record<string, string>, isRefused: boolean }} Declaration */
/**
 * The last ETag that an answer gave for a file.
 *
 * @typedef {(stage: string, name: string) => string | undefined} EtagOf
 */
/**
 * @typedef {object} RoundOptions
 * @property {number} seed
 * @property {number} round
 * @property {ContentPool} pool
 * @property {readonly string[]} stages
 * @property {boolean} declareDigests
 */

const KIB = 1024;
const MIB = 1024 * KIB;
/**
 * Small ones dominate, so that a round is short; a store begins to take parts at 8 MiB.
 *
 * @type {readonly (readonly [weight: number, range: readonly [number, number]])[]}
 */
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
/** @type {readonly (readonly [weight: number, shape: string])[]} */
const SHAPES = [
  [40, 'raw'],
  [30, 'form of one'],
  [30, 'form of several'],
];
/** @type {readonly (readonly [weight: number, declaration: string])[]} */
const DECLARATIONS = [
  [70, 'nothing'],
  [24, 'right'],
  [6, 'wrong'],
];
/** @type {readonly (readonly [weight: number, condition: string])[]} */
const CONDITIONS = [
  [70, 'none'],
  [15, 'absent'],
  [15, 'etag'],
];
/** @type {readonly Framing[]} */
const FRAMINGS = ['length', 'chunked'];
const DIRECTORIES = ['in', 'in/deep', 'in/ä b'];
/** @type {Declaration} */
const NOTHING_DECLARED = { headers: {}, isRefused: false };
/** So many of the clients that send a single file leave in the middle of it. */
const LEAVE = 0.06;
const WRONG_DIGEST = digest('md5', 'something else', 'base64');

/** The uploads of one round: the same for the same seed, round and index, but for the ETags of conditions. */
export class RoundUploads {
  #options;

  /** @param {RoundOptions} options */
  constructor(options) {
    this.#options = options;
  }

  /**
   * @param {number} index
   * @param {EtagOf} etagOf
   */
  upload(index, etagOf) {
    const { seed, round, stages } = this.#options;
    const random = new Random(seed, round, index);
    const shape = random.weighted(SHAPES);
    const framing = random.pick(FRAMINGS);
    const label = `round ${round}, upload ${index} (${shape}, ${framing})`;
    const draft = { label, stage: random.pick(stages), framing, condition: 'none' };
    if (shape === 'raw') return this.#raw(random, index, draft, etagOf);
    return this.#form(random, index, draft, shape === 'form of one' ? 1 : random.between(2, MAX_FILES));
  }

  /**
   * @param {Random} random
   * @param {number} index
   * @param {Draft} draft
   * @param {EtagOf} etagOf
   */
  #raw(random, index, draft, etagOf) {
    const file = this.#file(random, `${index}`);
    const condition = random.weighted(CONDITIONS);
    const declaration = this.#declaration(random, file);
    const etag = etagOf(draft.stage, file.name);
    const headers = { ...conditionHeaders(condition, etag), ...declaration.headers };
    const request = rawUpload({ ...draft, ...file, headers });
    return leftSometimes(random, { ...draft, condition, files: [file], request, ...declaration });
  }

  /**
   * @param {Random} random
   * @param {number} index
   * @param {Draft} draft
   * @param {number} count
   */
  #form(random, index, draft, count) {
    const directory = random.chance(0.5) ? random.pick(DIRECTORIES) : undefined;
    const files = this.#files(random, index, count);
    const [first] = files;
    // Where one of several has a wrong digest, the fate of the others is another question.
    const { headers, isRefused } = count === 1 ? this.#declaration(random, first) : NOTHING_DECLARED;
    const request = formUpload({ ...draft, directory, files: files.map((file) => ({ ...file, headers })) });
    /** @param {UploadedFile} file */
    const place = (file) => ({ ...file, name: [directory, file.name].filter(Boolean).join('/') });
    const [, ...others] = files;
    return leftSometimes(random, {
      ...draft,
      files: [place(first), ...others.map(place)],
      request,
      isRefused,
    });
  }

  /**
   * Of different names.
   *
   * @param {Random} random
   * @param {number} index
   * @param {number} count at least 1
   */
  #files(random, index, count) {
    /** @type {Map<string, UploadedFile>} */
    const files = new Map();
    for (let i = 0; files.size < count; i += 1) {
      const file = this.#file(random, `${index}-${i}`);
      files.set(file.name, file);
    }
    return /** @type {[UploadedFile, ...UploadedFile[]]} */ ([...files.values()]); // `count` of them
  }

  /**
   * @param {Random} random
   * @param {string} freshName
   * @returns {UploadedFile}
   */
  #file(random, freshName) {
    const [low, high] = random.weighted(SIZES);
    const content = this.#options.pool.take(random, random.between(low, high));
    if (content.size > LARGE_BYTES) return { name: `large/${random.below(LARGE_NAMES)}.bin`, content };
    if (random.chance(0.6)) return { name: `shared/ü ${random.below(SHARED_NAMES)}.csv`, content };
    return { name: `${freshDirectory(this.#options.round)}${freshName}.csv`, content };
  }

  /**
   * @param {Random} random
   * @param {UploadedFile} file
   * @returns {Declaration}
   */
  #declaration(random, { content }) {
    const declared = this.#options.declareDigests ? random.weighted(DECLARATIONS) : 'nothing';
    if (declared === 'nothing') return NOTHING_DECLARED;
    if (declared === 'wrong') return { headers: { 'content-md5': WRONG_DIGEST }, isRefused: true };
    /** @type {Record<string, string>} */
    const headers = random.chance(0.5)
      ? { 'content-md5': digest('md5', content.bytes, 'base64') }
      : { 'x-amz-checksum-sha256': digest('sha256', content.bytes, 'base64') };
    return { headers, isRefused: false };
  }
}

/**
 * Below each of these lie files whose names nobody uses in another round.
 * @param {number} round
 */
export function freshPrefixes(round) {
  return ['', ...DIRECTORIES.map((directory) => `${directory}/`)].map(
    (prefix) => `${prefix}${freshDirectory(round)}`,
  );
}

/** @param {number} round */
function freshDirectory(round) {
  return `fresh/${round}/`;
}

/**
 * @param {Random} random
 * @param {Omit<Upload, 'manner'>} upload
 * @returns {Upload}
 */
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

/**
 * @param {string} condition
 * @param {string | undefined} etag
 * @returns {Record<string, string>}
 */
function conditionHeaders(condition, etag) {
  if (condition === 'absent') return { 'if-none-match': '*' };
  return condition === 'etag' && etag !== undefined ? { 'if-match': etag } : {};
}
