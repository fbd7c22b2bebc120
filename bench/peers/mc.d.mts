import type { GoProgram } from './found-program.mjs';

/** MinIO's own client. */
export const MC: GoProgram;
