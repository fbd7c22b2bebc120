import { randomUUID } from 'node:crypto';

import { startBuiltServer } from '../../../scripts/lib/built-server.mjs';
import { faultProxy } from './fault-proxy.mjs';
import { runFaultCase } from './faults-case.mjs';
import { faultCases } from './faults-plan.mjs';
import { contentsFrom } from './faults-service.mjs';
import { runSettingCases } from './faults-settings.mjs';
import { storeAt } from './faults-store.mjs';
import { StageHttp } from '../support/stage-http.mjs';

/** @import { MinioAccess } from '../../../scripts/lib/minio-server.mjs' */
/** @import { FaultResult } from './faults-case.mjs' */
/** @import { FaultCase } from './faults-plan.mjs' */

/** @typedef {'external' | 'internal'} Storage */
/** @typedef {Record<string, string>} Connection */
/** @typedef {{ bucket: string, connect: () => Promise<Connection> }} Place */
/**
 * @typedef {object} FaultOptions
 * @property {number} seed
 * @property {boolean} [short]
 * @property {string} [only] a part of the names of cases
 * @property {Storage} [storage]
 * @property {number} [concurrency]
 * @property {(result: FaultResult) => void} [report]
 */

/**
 * Runs the cases against a server of its own with the proxy before its store; the results in the cases' order.
 *
 * @param {MinioAccess} minio
 * @param {FaultOptions} options
 */
export async function runFaults(minio, options) {
  const {
    seed,
    short = false,
    only = '',
    storage = 'external',
    concurrency = 6,
    report = () => undefined,
  } = options;
  const bucket = `faults-${randomUUID()}`;
  const store = storeAt(minio, bucket);
  await store.makeBucket();
  const proxy = faultProxy(minio.endpoint);
  const connect = async () => connectionTo(minio, await proxy.listen());
  const server = await startBuiltServer(await settingsOf(storage, { bucket, connect }));
  try {
    const service = new StageHttp(`http://${server.host}`);
    const openStage = stageOpener(service, { storage, bucket, connect });
    const hasOwnRetries = storage === 'external';
    const context = { contents: contentsFrom(seed), proxy, store, service, openStage, hasOwnRetries };
    const cases = faultCases(seed, { short }).filter(({ name }) => name.includes(only));
    const results = await runAll(cases, {
      concurrency,
      run: (one) => told(report, runFaultCase(context, one)),
    });
    if (storage === 'internal') return results;
    const connection = await connect();
    const settings = await runSettingCases({ ...context, bucket, connection }, { only, short });
    return [...results, ...settings];
  } finally {
    await server.stop();
    proxy.close();
    store.close();
  }
}

/**
 * @param {MinioAccess} minio
 * @param {string} endpoint
 * @returns {Connection}
 */
function connectionTo({ accessKeyId, secretAccessKey }, endpoint) {
  return { endpoint_url: endpoint, access_key_id: accessKeyId, secret_access_key: secretAccessKey };
}

/**
 * @param {Storage} storage
 * @param {Place} place
 * @returns {Promise<Record<string, string>>}
 */
async function settingsOf(storage, { bucket, connect }) {
  // The buffers are no subject here: an upload that waits for them behind stalled ones would be told so.
  const settings = { LOG_LEVEL: 'silent', LEFTOVER_SWEEP_SECONDS: '1', UPLOAD_BUFFER_MIB: '1024' };
  if (storage === 'external') return settings;
  const options = Object.entries(await connect()).map(([name, value]) => [
    `INTERNAL_STORAGE_${name.toUpperCase()}`,
    value,
  ]);
  return { ...settings, INTERNAL_STORAGE_URL: `s3://${bucket}/`, ...Object.fromEntries(options) };
}

/**
 * Makes a stage and says under which key its file will lie. External stages have a connection each, for the SDK has a
 * purse of retries for each: no case uses up another one's. Internal stages share one, and soon have no retries left.
 * @param {StageHttp} service
 * @param {Place & { storage: Storage }} place
 */
function stageOpener(service, { storage, bucket, connect }) {
  /**
   * @param {string} name
   * @param {string} file
   */
  return async (name, file) => {
    const isExternal = storage === 'external';
    const place = isExternal ? { url: `s3://${bucket}/${name}/`, connection: await connect() } : {};
    await service.createStage({ name, ...place });
    return isExternal ? `${name}/${file}` : `stage/internal/${name}/${file}`;
  };
}

/**
 * The long cases all at once, for they only wait; beside them the others, a few at a time.
 * @param {readonly FaultCase[]} cases
 * @param {{ concurrency: number, run: (one: FaultCase) => Promise<FaultResult> }} plan
 */
async function runAll(cases, { concurrency, run }) {
  /** @type {Map<FaultCase, FaultResult>} */
  const results = new Map();
  /** @param {FaultCase} one */
  const settle = async (one) => void results.set(one, await run(one));
  const queue = cases.filter(({ isLong }) => !isLong);
  const worker = async () => {
    for (let one = queue.shift(); one !== undefined; one = queue.shift()) await settle(one);
  };
  const workers = Array.from({ length: concurrency }, worker);
  await Promise.all([...cases.filter(({ isLong }) => isLong).map(settle), ...workers]);
  return cases.flatMap((one) => results.get(one) ?? []);
}

/**
 * @param {(result: FaultResult) => void} report
 * @param {Promise<FaultResult>} running
 */
async function told(report, running) {
  const result = await running;
  report(result);
  return result;
}
