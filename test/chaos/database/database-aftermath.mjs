import { setTimeout as delay } from 'node:timers/promises';

/** @import { KnownFile, KnownFiles } from './known-files.mjs' */
/** @import { StageHttp } from '../support/stage-http.mjs' */
/** @import { Store } from '../support/stores.mjs' */

const SWEEP_MS = 15_000;
const DOWNLOADS_AT_ONCE = 6;

/**
 * What is not as it should be when all is over: acknowledged files are there, whole and recorded, and nothing else is.
 *
 * @param {{ http: StageHttp, store: Store, files: KnownFiles }} scene
 */
export async function problemsAfterwards({ http, store, files }) {
  const problems = [];
  const listed = [];
  for (const { name: stage } of store.stages) {
    const rows = await http.list(stage);
    problems.push(...files.problemsOf(stage, rows));
    listed.push(...rows.map(({ name }) => ({ stage, name })));
  }
  const there = new Set(listed.map(({ stage, name }) => `${stage}/${name}`));
  const left = files.all().filter(({ stage, name }) => there.has(`${stage}/${name}`));
  const next = async () => {
    for (let file = left.pop(); file !== undefined; file = left.pop()) {
      problems.push(...(await problemsOfFile(http, file)));
    }
  };
  await Promise.all(Array.from({ length: DOWNLOADS_AT_ONCE }, next));
  problems.push(...(await leftovers(store, { listed, tried: files.all() })));
  return problems;
}

/**
 * @param {StageHttp} http
 * @param {KnownFile} file
 */
async function problemsOfFile(http, { stage, name, content, uploadId }) {
  const problems = [];
  const bytes = await http.download(stage, name);
  if (bytes === null || !content.equals(bytes)) {
    problems.push(`${stage}/${name} has ${bytes?.length} bytes that are not its ${content.size}`);
  }
  if (uploadId === null) return problems;
  const { status, body } = await http.json('GET', `/v1/uploads/${uploadId}`);
  if (status !== 200 || body?.state !== 'SUCCESS') {
    problems.push(`upload ${uploadId} was acknowledged, and is ${status} ${JSON.stringify(body)}`);
  }
  return problems;
}

/**
 * @param {Store} store
 * @param {Parameters<Store['leftovers']>[0]} known
 */
async function leftovers(store, known) {
  const deadline = performance.now() + SWEEP_MS;
  for (;;) {
    const found = await store.leftovers(known);
    if (found.length === 0 || performance.now() > deadline) return found.map((one) => `left over: ${one}`);
    await delay(250);
  }
}
