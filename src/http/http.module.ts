import { Global, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { ERROR_CODES, type ErrorCodes } from '../common/error-codes.js';
import { ShutdownState } from '../common/shutdown-state.js';
import { RequestMetrics } from './metrics/request-metrics.js';
import { Metrics } from '../metrics/metrics.js';
import { ErrorFilter } from './errors/error.filter.js';
import { allErrorKinds, errorRow } from './errors/error-table.js';

@Global()
@Module({
  providers: [
    { provide: APP_FILTER, useClass: ErrorFilter },
    RequestMetrics,
    ShutdownState,
    { provide: ERROR_CODES, useValue: errorRow satisfies ErrorCodes },
  ],
  exports: [ERROR_CODES, ShutdownState],
})
export class HttpModule {
  constructor(metrics: Metrics) {
    for (const { kind } of allErrorKinds()) metrics.errors.add(kind);
  }
}
