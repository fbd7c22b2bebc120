import { platform, setPriority } from 'node:os';
import { hashSync, verifySync } from '@node-rs/argon2';
import { serveRequests } from '../../runtime/serve-requests.js';
import type { PasswordAnswer, PasswordRequest } from './password-request.js';

/** Everything else has priority: a flood of wrong passwords takes the time that nobody else needs. */
const NICENESS = 15;

// On other systems this would set the priority of the whole process.
if (platform() === 'linux') setPriority(NICENESS);

/** The thread for passwords. A request is answered before the next one is read. */
serveRequests((request: PasswordRequest): PasswordAnswer =>
  request.kind === 'hash' ? hashSync(request.password) : verifySync(request.passwordHash, request.password),
);
