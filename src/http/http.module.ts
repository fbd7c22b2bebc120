import { Global, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { ERROR_CODES, type ErrorCodes } from '../common/error-codes.js';
import { ShutdownState } from '../common/shutdown-state.js';
import { ErrorFilter } from './errors/error.filter.js';
import { errorRow } from './errors/error-table.js';
import { HealthController } from './server/health.controller.js';

@Global()
@Module({
  controllers: [HealthController],
  providers: [
    { provide: APP_FILTER, useClass: ErrorFilter },
    ShutdownState,
    { provide: ERROR_CODES, useValue: errorRow satisfies ErrorCodes },
  ],
  exports: [ERROR_CODES, ShutdownState],
})
export class HttpModule {}
