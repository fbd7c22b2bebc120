import { AppError } from '../common/app-error.js';

/** Settings that the service cannot start with: every problem in one message. */
export class ConfigError extends AppError<'InvalidSettings'> {
  constructor(problems: readonly string[]) {
    super(
      'InvalidSettings',
      ['The settings cannot be used:', ...problems.map((problem) => `  - ${problem}`)].join('\n'),
    );
  }
}
