import { LimitedStages, OwnStages } from './limited-stages.js';
import { MissingRecords } from './missing-records.js';
import { StageCounter } from './stage-counter.js';
import { StageQuotas } from './stage-quotas.js';
import { StageUseRepository } from './stage-use.repository.js';

/** All that sets and shows quotas, for the server and for commands alike. */
export const QUOTA_SERVICES = [
  StageUseRepository,
  MissingRecords,
  StageCounter,
  OwnStages,
  LimitedStages,
  StageQuotas,
];
