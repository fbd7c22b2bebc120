import { claimsSuccess, errorProblems, isStored, sendUpload, textOf } from './faults-service.mjs';

/** @import { FaultContext, FaultResult } from './faults-case.mjs' */
/** @import { Shape } from './faults-service.mjs' */

/**
 * `mayWork` where its store is not bound to mind.
 *
 * @typedef {{ fault: string, change?: Record<string, string>, bucket?: string, mayWork?: boolean }} WrongSetting
 */
/** @typedef {WrongSetting & { name: string, call: string, scope: string, shape: Shape, bytes: number }} SettingCase */
/** @typedef {FaultContext & { bucket: string, connection: Record<string, string> }} SettingContext */

const KIB = 1024;
const MIB = 1024 * KIB;
const NAME = 'file.bin';
/**
 * What a stage may say wrongly.
 *
 * @type {readonly WrongSetting[]}
 */
const WRONG_SETTINGS = [
  { fault: 'wrong access key', change: { access_key_id: 'nobody' } },
  { fault: 'wrong secret key', change: { secret_access_key: 'not-the-secret' } },
  { fault: 'wrong region', change: { region: 'mars-north-1' }, mayWork: true },
  { fault: 'wrong bucket', bucket: 'faults-no-such-bucket' },
];

/**
 * Uploads to stages with wrong settings, which are then put right: the next upload succeeds.
 * @param {SettingContext} context
 * @param {{ only: string, short: boolean }} options
 */
export async function runSettingCases(context, { only, short }) {
  /** @type {FaultResult[]} */
  const results = [];
  for (const setting of WRONG_SETTINGS) {
    for (const bytes of short ? [KIB] : [KIB, 9 * MIB]) {
      /** @type {Shape} */
      const shape = results.length % 2 === 0 ? 'raw' : 'form';
      const one = {
        ...setting,
        name: `setting / ${setting.fault} / ${bytes}`,
        call: 'stage settings',
        scope: 'always',
        shape,
        bytes,
      };
      if (one.name.includes(only))
        results.push(await runSettingCase(context, one, `setting_${results.length}`));
    }
  }
  return results;
}

/**
 * @param {SettingContext} context
 * @param {SettingCase} one
 * @param {string} stage
 * @returns {Promise<FaultResult>}
 */
async function runSettingCase({ service, store, bucket, connection, contents }, one, stage) {
  const key = `${stage}/${NAME}`;
  const previous = contents(3000, one.name, 'previous');
  const content = contents(one.bytes, one.name);
  const upload = () => sendUpload(service, { shape: one.shape, stage, name: NAME, content });
  await store.put(key, previous.bytes);
  const url = `s3://${one.bucket ?? bucket}/${stage}/`;
  await service.createStage({ name: stage, url, connection: { ...connection, ...one.change } });
  const answer = await upload();
  const stored = await store.read(key);
  /** @type {string[]} */
  const violations = [];
  if (claimsSuccess(answer)) {
    if (!isStored(stored, content) || !one.mayWork) violations.push('false SUCCESS: with wrong settings');
  } else {
    violations.push(...errorProblems(answer));
    if (!isStored(stored, previous)) violations.push(`the object was replaced in spite of ${answer.status}`);
  }
  if ((await store.unfinished(key)).length > 0) violations.push('orphan: of an upload with wrong settings');
  await service.json('PATCH', `/v1/stages/${stage}`, { url: `s3://${bucket}/${stage}/`, connection });
  const next = await upload();
  const isThere = claimsSuccess(next) && isStored(await store.read(key), content);
  if (!isThere) violations.push(`failed recovery: ${textOf(next)}`);
  return { one, answer, seen: {}, violations };
}
