import { writeFileSync } from 'node:fs';
import process from 'node:process';

/** Hands Jest's counts to run-tests.mjs, by the file that TEST_SUMMARY_FILE names. */
export default class SummaryReporter {
  onRunComplete(_contexts, results) {
    const summary = {
      passed: results.numPassedTests,
      // A spec that does not even load has no failed test, but it failed.
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skipped: results.numPendingTests + results.numTodoTests,
    };
    writeFileSync(process.env.TEST_SUMMARY_FILE, JSON.stringify(summary));
  }
}
