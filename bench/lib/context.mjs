import { findMc } from '../peers/mc.mjs';
import { BUCKET, startMinio } from '../peers/minio.mjs';
import { startNginx } from '../peers/nginx.mjs';
import { startPostgres } from '../peers/postgres.mjs';
import { startPipeline } from '../peers/pipeline.mjs';
import { startStagedoor } from '../peers/stagedoor.mjs';
import { startTusd } from '../peers/tusd.mjs';
import { seededRandom } from '../load/random.mjs';

const STARTS = {
  nginx: startNginx,
  minio: startMinio,
  pipeline: startPipeline,
  postgres: startPostgres,
  tusd: startTusd,
  mc: async (options, peer) => findMc({ ...options, minio: await peer('minio') }),
};

/**
 * What a row measures with. A peer is started when a row first asks for it and stopped at the end of that row; servers
 * of Stagedoor are one for each build that is compared.
 */
export function makeContext({ options, builds, workspace, report }) {
  const running = new Map();
  const stops = [];
  const versions = {};
  const peer = async (name) => {
    if (!running.has(name)) {
      const folder = workspace.subfolder(name);
      running.set(name, STARTS[name]({ folder, report }, peer));
      const started = await running.get(name);
      if (started.stop) stops.push(started.stop);
      if (started.version) versions[name] = started.version;
    }
    return running.get(name);
  };
  const startBuild = async ({ name, main, settings: own }, { folder, settings, ...others } = {}) => {
    const server = await startStagedoor({
      main,
      name,
      profile: options.profile,
      folder: folder ?? workspace.subfolder('data'),
      ...others,
      settings: { ...settings, ...own },
    });
    stops.push(server.stop);
    return server;
  };
  return {
    ...options,
    builds,
    workspace,
    report,
    versions,
    random: seededRandom(options.seed),
    peer,
    startBuild,
    /** One for each build, in the order of `builds`. */
    startBuilds: async (settings) => {
      const servers = [];
      for (const build of builds) servers.push(await startBuild(build, settings));
      return servers;
    },
    endRow: async () => {
      running.clear();
      for (const stop of stops.splice(0).reverse()) await stop();
    },
  };
}

/** The stage `s3` of a server, on the bucket of the bench. */
export async function createS3Stage(server, minio) {
  const { accessKeyId, secretAccessKey } = minio.keys;
  await server.createStage({
    name: 's3',
    url: `s3://${BUCKET}/${server.name.replace(/\W/g, '')}/`,
    connection: { endpoint_url: minio.endpoint, aws_key_id: accessKeyId, aws_secret_key: secretAccessKey },
  });
}
