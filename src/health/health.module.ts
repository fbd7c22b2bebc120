import { Module } from '@nestjs/common';
import { AppError } from '../common/app-error.js';
import { ERROR_CODES, type ErrorCodes } from '../common/error-codes.js';
import { WriteProbe } from '../database/write-probe.js';
import { InternalStorageCheck } from '../stages/check/internal-storage-check.js';
import { StagesModule } from '../stages/stages.module.js';
import { DiskError, DiskSpaces } from './disk-space.js';
import { HealthController } from './health.controller.js';
import { CHECKS, Readiness } from './readiness.js';
import { WatchedCheck } from './watched-check.js';

/** The store is asked again after this time. An answer may take as long, and a fault is still reported within ten seconds. */
const EVERY_MS = 4_000;
const STORE_PATIENCE_MS = 4_000;
/** Stores list one name within some milliseconds, far ones within some hundred. */
const STORE_SLOW_MS = 1_000;
/** Shorter than what `/ready` waits. */
const LOCAL_PATIENCE_MS = 800;

/** Answers what operators and load balancers ask. */
@Module({
  imports: [StagesModule],
  controllers: [HealthController],
  providers: [
    DiskSpaces,
    Readiness,
    {
      provide: CHECKS,
      inject: [WriteProbe, InternalStorageCheck, DiskSpaces, ERROR_CODES],
      useFactory: checks,
    },
  ],
})
export class HealthModule {}

function checks(
  database: WriteProbe,
  storage: InternalStorageCheck,
  disks: DiskSpaces,
  codes: ErrorCodes,
): readonly WatchedCheck[] {
  return [
    new WatchedCheck({
      name: 'database',
      everyMs: 0, // the probe keeps its result itself
      patienceMs: LOCAL_PATIENCE_MS,
      look: () => database.check(),
      reasonOf: (error) => (error instanceof AppError ? error.message : 'The database cannot be used.'),
    }),
    new WatchedCheck({
      name: 'storage',
      everyMs: EVERY_MS,
      patienceMs: STORE_PATIENCE_MS,
      slowMs: STORE_SLOW_MS,
      look: (signal) => storage.assertWorking(signal),
      reasonOf: (error) => `The internal storage cannot be used (${kindOf(error, codes)}): the log says why.`,
    }),
    new WatchedCheck({
      name: 'disk',
      everyMs: EVERY_MS,
      patienceMs: LOCAL_PATIENCE_MS,
      look: () => disks.check(),
      reasonOf: (error) =>
        error instanceof DiskError ? error.message : 'The free space of a disk is not known.',
    }),
  ];
}

/** The kind that answers to requests would have. */
function kindOf(error: unknown, codes: ErrorCodes): string {
  return error instanceof AppError ? codes(error as AppError).kind : 'Internal'; // instanceof leaves its kind as any
}
