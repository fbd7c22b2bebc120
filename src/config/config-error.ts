import { AppError } from '../common/app-error.js';

/** Reports all problems of the settings in one message. The service cannot start with them. */
export class ConfigError extends AppError<'InvalidSettings'> {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      'InvalidSettings',
      ['The settings cannot be used:', ...problems.map((problem) => `  - ${problem}`)].join('\n'),
    );
    this.problems = problems;
  }
}
