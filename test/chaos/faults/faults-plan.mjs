import { FAULT_NAMES, FAULTS } from './fault-proxy-faults.mjs';
import { Random } from '../support/random.mjs';

/** @import { Rule } from './fault-proxy.mjs' */
/** @import { FaultName } from './fault-proxy-faults.mjs' */
/** @import { Shape } from './faults-service.mjs' */

/** @typedef {keyof typeof SIZES} Size */
/** @typedef {'if-match' | 'if-none-match'} Condition */
/** @typedef {{ call: string, fault: FaultName, scope: string }} Order A fault at a call, once or always. */
/**
 * @typedef {object} Draft
 * @property {string} call
 * @property {FaultName | 'none'} fault
 * @property {string} scope
 * @property {Size} size
 * @property {Shape} [shape]
 * @property {Condition} [condition]
 * @property {Order} [after] the failure that makes the server send this call
 */
/**
 * @typedef {object} CaseFacts
 * @property {string} name
 * @property {number} index
 * @property {Shape} shape
 * @property {boolean} hasPrevious
 * @property {Rule[]} rules
 * @property {number} bytes
 * @property {boolean} isLong
 * @property {boolean} mayShow the object may be there in spite of an error
 */
/** @typedef {Draft & CaseFacts} FaultCase */

const KIB = 1024;
const MIB = 1024 * KIB;
const SIZES = { '1 KiB': KIB, '9 MiB': 9 * MIB, '20 MiB': 20 * MIB };
const PART_BYTES = 8 * MIB;
const HAS_BODY = new Set(['PutObject', 'UploadPart', 'CompleteMultipartUpload']);
/** What makes the object visible: where the store got one of these, an error answer may hide a new object. */
const SHOWS_OBJECT = new Set(['PutObject', 'CompleteMultipartUpload']);

/**
 * What every upload sends.
 *
 * @type {readonly { call: string, sizes: readonly Size[] }[]}
 */
const UPLOAD_CALLS = [
  { call: 'PutObject', sizes: ['1 KiB'] },
  { call: 'CreateMultipartUpload', sizes: ['9 MiB', '20 MiB'] },
  { call: 'UploadPart', sizes: ['9 MiB', '20 MiB'] },
  { call: 'CompleteMultipartUpload', sizes: ['9 MiB', '20 MiB'] },
];
/**
 * What is sent when another call has failed.
 *
 * @type {readonly { call: string, after: Order }[]}
 */
const CLEANUP_CALLS = [
  { call: 'AbortMultipartUpload', after: { call: 'UploadPart', fault: '500', scope: 'always' } },
  { call: 'ListParts', after: { call: 'UploadPart', fault: '500', scope: 'always' } },
  {
    call: 'ListMultipartUploads',
    after: { call: 'CreateMultipartUpload', fault: 'cut after', scope: 'always' },
  },
  { call: 'HeadObject', after: { call: 'CompleteMultipartUpload', fault: 'cut after', scope: 'once' } },
];
/** @type {readonly Shape[]} */
const SHAPES = ['raw', 'form'];
/** @type {readonly Condition[]} */
const CONDITIONS = ['if-match', 'if-none-match'];

/**
 * The cases of a run in a fixed order: all of them, or the few of the short form.
 *
 * @param {number} seed
 * @param {{ short?: boolean }} [options]
 */
export function faultCases(seed, { short = false } = {}) {
  const cases = [...controls(), ...onUploads(), ...onCleanups(), ...onLooks(), ...onConditions()];
  const numbered = cases.map((one, index) => complete(one, { seed, index }));
  return short ? shortForm(numbered, seed) : numbered;
}

/**
 * Without a fault, so that a table of failures cannot come from the proxy itself.
 *
 * @returns {Draft[]}
 */
function controls() {
  // `SIZES` has no other keys.
  const sizes = /** @type {Size[]} */ (Object.keys(SIZES));
  return sizes.flatMap((size) => [0, 1].map((run) => controlOf(size, run)));
}

/**
 * @param {Size} size
 * @param {number} run
 * @returns {Draft}
 */
function controlOf(size, run) {
  return { call: 'none', fault: 'none', scope: `run ${run}`, size };
}

/** @returns {Draft[]} */
function onUploads() {
  return UPLOAD_CALLS.flatMap(({ call, sizes }) =>
    faultsOf(call).flatMap((fault) =>
      sizesFor(fault, sizes).flatMap((size) =>
        scopesOf(fault).map((scope) => ({ call, fault, scope, size })),
      ),
    ),
  );
}

/** @returns {Draft[]} */
function onCleanups() {
  return CLEANUP_CALLS.flatMap(({ call, after }) =>
    faultsOf(call).flatMap((fault) => {
      const scopes = FAULTS[fault].long ? ['once'] : scopesOf(fault);
      return scopes.map((scope) => ({ call, fault, scope, size: /** @type {const} */ ('9 MiB'), after }));
    }),
  );
}

/**
 * A raw upload looks whether the file is there, for its status.
 * @returns {Draft[]}
 */
function onLooks() {
  return faultsOf('HeadObject').flatMap((fault) => {
    const scopes = FAULTS[fault].long ? ['once'] : scopesOf(fault);
    return scopes.map((scope) => lookOf(fault, scope));
  });
}

/**
 * @param {FaultName} fault
 * @param {string} scope
 * @returns {Draft}
 */
function lookOf(fault, scope) {
  return { call: 'HeadObject', fault, scope, size: '1 KiB', shape: 'raw' };
}

/**
 * Conditional uploads look first, and an answer that is lost makes a second attempt meet the first one's object.
 * @returns {Draft[]}
 */
function onConditions() {
  const heads = faultsOf('HeadObject').filter((fault) => !FAULTS[fault].long);
  /** @type {(FaultName | 'none')[]} */
  const losses = ['none', 'cut before', 'cut after', 'reset amid answer', '500 after', 'garbage'];
  /** @type {readonly { call: string, faults: readonly (FaultName | 'none')[], sizes: readonly Size[] }[]} */
  const targets = [
    { call: 'HeadObject', faults: heads, sizes: ['1 KiB', '9 MiB'] },
    { call: 'PutObject', faults: losses, sizes: ['1 KiB'] },
    { call: 'CompleteMultipartUpload', faults: losses, sizes: ['9 MiB'] },
  ];
  return targets.flatMap(({ call, faults, sizes }) =>
    faults.flatMap((fault) =>
      sizes.flatMap((size) =>
        CONDITIONS.flatMap((condition) =>
          scopesOf(fault).map((scope) => ({ call, fault, scope, size, condition })),
        ),
      ),
    ),
  );
}

/** @param {string} call */
function faultsOf(call) {
  return FAULT_NAMES.filter((fault) => !FAULTS[fault].midBody || HAS_BODY.has(call));
}

/**
 * A stall takes a minute of several parts' memory: one size is enough.
 * @param {FaultName} fault
 * @param {readonly Size[]} sizes
 */
function sizesFor(fault, sizes) {
  return FAULTS[fault].long ? sizes.slice(0, 1) : sizes;
}

/** @param {FaultName | 'none'} fault */
function scopesOf(fault) {
  return fault === 'none' || FAULTS[fault].mild ? ['once'] : ['once', 'always'];
}

/**
 * @param {Draft} one
 * @param {{ seed: number, index: number }} place
 * @returns {FaultCase}
 */
function complete(one, { seed, index }) {
  const { call, fault, scope, size, condition, after } = one;
  const marks = [call, fault, scope, size, condition, after && 'after a failure'];
  const name = marks.filter(Boolean).join(' / ');
  const random = new Random(seed, name);
  const ordered = fault === 'none' ? [] : [{ call, fault, scope }];
  const orders = after === undefined ? ordered : [after, ...ordered];
  const rules = orders.map((order) => ruleOf(order, { size, random }));
  const hasPrevious = condition === undefined ? random.chance(0.7) : condition === 'if-match';
  return {
    ...one,
    name,
    index,
    shape: one.shape ?? shapeOf(one, random),
    hasPrevious,
    rules,
    bytes: SIZES[size],
    isLong: fault !== 'none' && FAULTS[fault].long === true,
    mayShow: rules.some((rule) => FAULTS[rule.fault].reaches && SHOWS_OBJECT.has(rule.call)),
  };
}

/**
 * @param {Order} order
 * @param {{ size: Size, random: Random }} plan
 * @returns {Rule}
 */
function ruleOf({ call, fault, scope }, { size, random }) {
  const calls = call === 'UploadPart' ? Math.ceil(SIZES[size] / PART_BYTES) : 1;
  const first = random.between(1, calls);
  const range = scope === 'always' ? { from: 1, to: Infinity } : { from: first, to: first };
  return { call, fault, at: random.next(), ...range };
}

/**
 * @param {Draft} one
 * @param {Random} random
 * @returns {Shape}
 */
function shapeOf({ call, condition, after }, random) {
  if (condition !== undefined) return 'raw';
  // A raw upload looks whether the file is there before it begins: the fault would strike that look.
  if (call === 'HeadObject' && after !== undefined) return 'form';
  return random.pick(SHAPES);
}

/** @type {ReadonlySet<string>} */
const SHORT_FAULTS = new Set([
  'none',
  'cut before',
  'cut amid body',
  'cut after',
  'reset amid answer',
  '500 after',
  '503 SlowDown',
  'empty 200',
]);

/**
 * Each of some faults at every call, once or always as the seed has it, with the smallest size that makes the call.
 * @param {readonly FaultCase[]} cases
 * @param {number} seed
 */
function shortForm(cases, seed) {
  const taken = new Set();
  return cases.filter(({ call, fault, scope, after, condition, size }) => {
    const isRare = after !== undefined || condition !== undefined;
    const isWanted =
      SHORT_FAULTS.has(fault) && (!isRare || /^cut after|^500/.test(fault)) && size !== '20 MiB';
    const cell = [call, fault, after?.call, condition].join();
    const wantedScope = new Random(seed, cell).pick(['once', 'always']);
    if (!isWanted || taken.has(cell) || (fault !== 'none' && scope !== wantedScope)) return false;
    taken.add(cell);
    return true;
  });
}
