import type { Logger } from '@nestjs/common';
import type { ErrorCode } from './error-codes.js';

/** Logs a line at the level of the error table; Nest calls `info` `log`. */
export function logAt(logger: Logger, level: ErrorCode['log'], line: object): void {
  if (level === 'info') logger.log(line);
  else logger[level](line);
}
