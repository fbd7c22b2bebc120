export default async function globalTeardown() {
  await globalThis.stagedoorTestMinio?.stop();
}
