import type { UploadConfig } from '../../config/app-config.js';
import type { IncomingBodyLimits } from './incoming-body.js';
import type { UploadSlot } from '../admission/upload-admission.js';

/** Limits of time and memory for an admitted upload. */
export function bodyLimits(config: UploadConfig, { memory, signal }: UploadSlot): IncomingBodyLimits {
  return {
    idleTimeoutMs: config.idleTimeoutSeconds * 1000,
    minBytesPerSecond: config.minBytesPerSecond,
    rateWindowMs: config.rateWindowSeconds * 1000,
    memory,
    signal,
  };
}
