import type { Logger } from '@nestjs/common';
import type { ErrorCode } from './error-codes.js';

/** Writes a line at the level that the error table gives; Nest calls `info` `log`. */
export function logAt(logger: Logger, level: ErrorCode['log'], line: object): void {
  if (level === 'info') logger.log(line);
  else logger[level](line);
}
