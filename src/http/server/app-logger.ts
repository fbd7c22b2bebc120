import type { LoggerService } from '@nestjs/common';
import { pino, type Logger, type LoggerOptions } from 'pino';
import type { AppConfig } from '../../config/app-config.js';
import { loggedLine } from './log-line.js';
import { currentWork } from '../../common/telemetry/traced-work.js';
import { isOn } from '../../config/shortcuts.js';

type Level = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace';

const FRAMEWORK_CONTEXTS = new Set([
  'InstanceLoader',
  'NestApplication',
  'NestFactory',
  'RouterExplorer',
  'RoutesResolver',
]);

/**
 * Maximum age of a line when it is written. Lines are written in batches by a thread, because a write per line would
 * cost as much as reading a small file. A killed process loses lines of at most this age.
 */
const WRITTEN_AFTER_MS = 50;
const LINES_AT_ONCE_BYTES = 8 * 1024;
/** Lines are dropped beyond this limit if nobody reads stdout: they would fill the memory. */
const MAX_WAITING_BYTES = 16 * 1024 * 1024;

const BATCHED = {
  sync: false,
  minLength: LINES_AT_ONCE_BYTES,
  maxLength: MAX_WAITING_BYTES,
  periodicFlush: WRITTEN_AFTER_MS,
};

export const PRETTY_OPTIONS = { translateTime: 'SYS:HH:MM:ss.l', singleLine: true };

interface LineOptions {
  readonly hasLevelNames?: boolean;
  /** Name the trace of each line that belongs to one? */
  readonly hasTraceIds?: boolean;
}

/** Options of every logger: no process fields, ISO timestamps, bounded lines. */
export function loggerOptions(
  level: AppConfig['log']['level'],
  { hasLevelNames = false, hasTraceIds = false }: LineOptions = {},
): LoggerOptions {
  return {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    hooks: { streamWrite: loggedLine },
    ...(hasTraceIds ? { mixin: traceFields } : {}),
    ...(hasLevelNames ? { formatters: { level: (name: string) => ({ level: name }) } } : {}),
  };
}

/** Logs JSON lines to stdout, or coloured lines for a terminal. */
export function createLogger(
  { level, format, hasLevelNames }: AppConfig['log'],
  { hasTraceIds }: Pick<LineOptions, 'hasTraceIds'> = {},
): Logger {
  const lines = hasTraceIds === undefined ? {} : { hasTraceIds };
  if (format === 'json') {
    const stdout = pino.destination({
      dest: 1,
      ...(isOn('log-batches') ? BATCHED : {}),
    });
    return pino(loggerOptions(level, { ...lines, hasLevelNames }), stdout);
  }
  return pino({
    ...loggerOptions(level, lines),
    transport: { target: 'pino-pretty', options: PRETTY_OPTIONS },
  });
}

function traceFields(): { readonly traceId?: string } {
  const traceId = currentWork.getStore()?.traceId;
  return traceId === undefined ? {} : { traceId };
}

/** Adapts Nest's logger to pino. Messages are a text, or an object with `msg`; Nest passes the context last. */
export class NestLogger implements LoggerService {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  log(message: unknown, ...rest: unknown[]): void {
    this.#write('info', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.#write('error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.#write('warn', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.#write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.#write('trace', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.#write('fatal', message, rest);
  }

  /** Lowers Nest's own startup messages to debug: only its developers need them. */
  #levelOf(level: Level, context: unknown): Level {
    const isFramework = typeof context === 'string' && FRAMEWORK_CONTEXTS.has(context);
    return isFramework && level === 'info' ? 'debug' : level;
  }

  #write(level: Level, message: unknown, rest: unknown[]): void {
    // Startup errors are reported by the entry point, and request errors by the error filter.
    if (rest.at(-1) === 'ExceptionHandler') return;
    const [context, stack] = [rest.at(-1), rest.length > 1 ? rest[0] : undefined];
    const shown = this.#levelOf(level, context);
    if (!this.#logger.isLevelEnabled(shown)) return;
    const fields = {
      ...(typeof context === 'string' ? { context } : {}),
      ...(typeof stack === 'string' ? { stack } : {}),
    };
    const write = this.#logger[shown].bind(this.#logger);
    if (typeof message === 'object' && message !== null) write({ ...fields, ...message });
    else write(fields, String(message));
  }
}
