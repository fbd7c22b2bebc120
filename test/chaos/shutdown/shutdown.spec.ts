import { describeWithMinio, type TestMinio } from '../../acceptance/support/test-minio.js';
import { terminateAmidUploads, type EndedUpload, type ShutdownResult } from './shutdown-run.mjs';

const UPLOADS = 10;
/** A busy machine may be late; what would wait for the clients would take minutes. */
const LATENESS_SECONDS = 5;

function expectCleanEnd({ unfinished, orphans, exit }: ShutdownResult): void {
  // Else there would have been nothing to clear away.
  expect(unfinished).toBeGreaterThan(0);
  expect(orphans).toEqual([]);
  expect(exit).toEqual({ code: 0, signal: null });
}

/** Every second file had been there before. */
function expectNoTraceOf(uploads: readonly EndedUpload[], from: number): void {
  for (const [index, { outcome, stored }] of uploads.entries()) {
    expect(['refused', 'closed']).toContain(outcome);
    expect(stored).toBe((from + index) % 2 === 1 ? 'previous' : 'absent');
  }
}

function shutdownCases(minio?: TestMinio): void {
  it('lets ten uploads that are half sent come to their end, and takes no new one', async () => {
    const result = await terminateAmidUploads({ minio, graceSeconds: 20, goOn: UPLOADS });
    expect(result).toMatchObject({ ready: 503, newUpload: 503 });
    for (const upload of result.uploads) expect(upload).toMatchObject({ outcome: 'whole', stored: 'new' });
    expect(result.uploads).toHaveLength(UPLOADS);
    expectCleanEnd(result);
    // It does not wait for connections that are kept.
    expect(result.seconds).toBeLessThan(LATENESS_SECONDS);
  });

  it('ends those that are not whole when the grace is over, without a trace', async () => {
    const half = UPLOADS / 2;
    const result = await terminateAmidUploads({ minio, graceSeconds: 1, goOn: half });
    for (const upload of result.uploads.slice(0, half)) {
      expect(upload).toMatchObject({ outcome: 'whole', stored: 'new' });
    }
    expectNoTraceOf(result.uploads.slice(half), half);
    expectCleanEnd(result);
    expect(result.seconds).toBeGreaterThanOrEqual(1);
    expect(result.seconds).toBeLessThan(1 + LATENESS_SECONDS);
  });

  it('ends all of them at a second signal', async () => {
    const result = await terminateAmidUploads({ minio, graceSeconds: 30, goOn: 0, secondSignalMs: 1200 });
    expectNoTraceOf(result.uploads, 0);
    expectCleanEnd(result);
    expect(result.seconds).toBeGreaterThan(1);
    expect(result.seconds).toBeLessThan(1.2 + LATENESS_SECONDS);
  });
}

describe('SIGTERM amid uploads', () => {
  describe('to disk', () => {
    shutdownCases();
  });

  describeWithMinio('to MinIO', shutdownCases);
});
