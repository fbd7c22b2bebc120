import { z } from 'zod';
import { HEALTH_CHECK } from './health.js';
import { QUOTA_LEFT } from './quota.js';
import { CHECK_REPORT } from './stage.js';

/** Body of every error. */
export const ERROR = z
  .looseObject({
    error: z.looseObject({
      code: z.int().meta({ description: "Databend's number, or the status where Databend has none." }),
      kind: z.string().meta({ description: 'Why, in one word that does not change: test for it.' }),
      message: z.string().meta({ description: 'What is wrong, and what to do. Its words may change.' }),
    }),
    files: z
      .array(z.string())
      .optional()
      .meta({ description: 'Files of a form that were stored before it failed. They stay.' }),
    check: CHECK_REPORT.optional(),
    quota: QUOTA_LEFT.optional(),
    checks: z.array(HEALTH_CHECK).optional().meta({ description: 'Checks of `/ready`.' }),
  })
  .meta({
    id: 'Error',
    description: 'Why a request has failed. Nothing was changed, except for `files`.',
    examples: [{ error: { code: 2501, kind: 'UnknownStage', message: "Stage 'nope' does not exist." } }],
  });
