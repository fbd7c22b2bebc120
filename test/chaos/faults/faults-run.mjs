import { randomUUID } from 'node:crypto';

import { startBuiltServer } from '../../../scripts/lib/built-server.mjs';
import { faultProxy } from './fault-proxy.mjs';
import { runFaultCase } from './faults-case.mjs';
import { faultCases } from './faults-plan.mjs';
import { contentsFrom } from './faults-service.mjs';
import { runSettingCases } from './faults-settings.mjs';
import { storeAt } from './faults-store.mjs';
import { StageHttp } from '../support/stage-http.mjs';

/** Runs the cases against a server of its own with the proxy before its store; the results in the cases' order. */
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

function connectionTo({ accessKeyId, secretAccessKey }, endpoint) {
  return { endpoint_url: endpoint, access_key_id: accessKeyId, secret_access_key: secretAccessKey };
}

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
 */
function stageOpener(service, { storage, bucket, connect }) {
  return async (name, file) => {
    const isExternal = storage === 'external';
    const place = isExternal ? { url: `s3://${bucket}/${name}/`, connection: await connect() } : {};
    await service.createStage({ name, ...place });
    return isExternal ? `${name}/${file}` : `stage/internal/${name}/${file}`;
  };
}

/** The long cases all at once, for they only wait; beside them the others, a few at a time. */
async function runAll(cases, { concurrency, run }) {
  const results = new Map();
  const settle = async (one) => results.set(one, await run(one));
  const queue = cases.filter(({ isLong }) => !isLong);
  const worker = async () => {
    for (let one = queue.shift(); one !== undefined; one = queue.shift()) await settle(one);
  };
  const workers = Array.from({ length: concurrency }, worker);
  await Promise.all([...cases.filter(({ isLong }) => isLong).map(settle), ...workers]);
  return cases.map((one) => results.get(one));
}

async function told(report, running) {
  const result = await running;
  report(result);
  return result;
}
