import { describeWithCluster } from '../support/cluster/describe-with-cluster.js';
import { SEED } from '../../support/seed.js';
import { runDatabase } from './database-run.mjs';
import { runLostServer } from './lost-server-run.mjs';

const TIMEOUT_MS = 120_000;

describeWithCluster('three servers behind HAProxy, on PostgreSQL', () => {
  // `npm run chaos:database` does it for longer, and with a minute without the database.
  it(
    'answer rightly or 503 while the database is restarted, stopped, and ends all sessions, and lose nothing',
    async () => {
      const outages = { stopSeconds: 4, terminations: 3 };
      const extent = { servers: 3, clients: 8, calmSeconds: 1, outages };
      const { acknowledged, verdicts, violations } = await runDatabase({ seed: SEED, ...extent });
      expect(violations).toEqual([]);
      expect(verdicts).toHaveLength(3);
      expect(acknowledged).toBeGreaterThan(40);
    },
    TIMEOUT_MS,
  );

  it(
    'go on with sessions, pages, presigned URLs and counted guesses of one that is killed',
    async () => {
      const { figures, violations } = await runLostServer();
      expect(violations).toEqual([]);
      expect(figures).toMatchObject({ serversWithTheSession: 2, guessesComparedInAll: 50, presigned: 200 });
    },
    TIMEOUT_MS,
  );
});
