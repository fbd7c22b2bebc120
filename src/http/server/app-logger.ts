import type { LoggerService } from '@nestjs/common';
import { pino, type Logger, type LoggerOptions } from 'pino';
import type { AppConfig } from '../../config/app-config.js';
import { loggedLine } from './log-line.js';

type Level = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace';

const FRAMEWORK_CONTEXTS = new Set([
  'InstanceLoader',
  'NestApplication',
  'NestFactory',
  'RouterExplorer',
  'RoutesResolver',
]);

/**
 * Lines are written many at a time and by a thread, since a write for each would cost as much as reading a small file; what
 * a killed process had not written yet is this old at most.
 */
const WRITTEN_AFTER_MS = 50;
const LINES_AT_ONCE_BYTES = 8 * 1024;
/** Where nobody reads stdout lines are dropped then: they would fill the memory. */
const MAX_WAITING_BYTES = 16 * 1024 * 1024;

export const PRETTY_OPTIONS = { translateTime: 'SYS:HH:MM:ss.l', singleLine: true };

/** What every line has, and what none has. */
export function loggerOptions(level: AppConfig['log']['level']): LoggerOptions {
  return { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, hooks: { streamWrite: loggedLine } };
}

/** JSON lines on stdout; for a person on a terminal the same in colour. */
export function createLogger({ level, format }: AppConfig['log']): Logger {
  const options = loggerOptions(level);
  if (format === 'json') {
    const stdout = pino.destination({
      dest: 1,
      sync: false,
      minLength: LINES_AT_ONCE_BYTES,
      maxLength: MAX_WAITING_BYTES,
      periodicFlush: WRITTEN_AFTER_MS,
    });
    return pino(options, stdout);
  }
  return pino({
    ...options,
    transport: { target: 'pino-pretty', options: PRETTY_OPTIONS },
  });
}

/** Nest's logger on pino: a text or an object with `msg`, and the context that Nest gives last. */
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

  /** How Nest puts itself together is of interest to its developers. */
  #levelOf(level: Level, context: unknown): Level {
    const isFramework = typeof context === 'string' && FRAMEWORK_CONTEXTS.has(context);
    return isFramework && level === 'info' ? 'debug' : level;
  }

  #write(level: Level, message: unknown, rest: unknown[]): void {
    // What fails at the start is reported by who starts, and what fails in a request by the error filter.
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
