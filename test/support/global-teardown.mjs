import { shared } from './global-setup.mjs';

export default async function globalTeardown() {
  await shared.stagedoorTestMinio?.stop();
  await shared.stagedoorTestPostgres?.stop();
}
