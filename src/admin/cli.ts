import 'reflect-metadata';
import process from 'node:process';
import { AppError } from '../common/app-error.js';
import { parseAppConfig } from '../config/app-config.js';
import { silenceLibraryNotices } from '../config/library-notices.js';
import { StorageModule } from '../storage/storage.module.js';
import { AdminError } from './admin-error.js';
import { runCommand } from './commands.js';
import { firstLineOfInput } from './first-line-of-input.js';

const FAILED = 1;
const USAGE = 2;

silenceLibraryNotices();
process.umask(0o077); // files of a command are private to the service's user
try {
  await runCommand(
    process.argv.slice(2),
    () => parseAppConfig(undefined, StorageModule.connectionProblem.bind(StorageModule)),
    (line) => void process.stdout.write(`${line}\n`),
    firstLineOfInput,
  );
} catch (error) {
  // The operating system's message names the file and the reason.
  const isUserFacing = error instanceof AppError || (error instanceof Error && 'syscall' in error);
  const text = isUserFacing ? error.message : String(error instanceof Error ? error.stack : error);
  process.stderr.write(`${text}\n`);
  process.exitCode = error instanceof AdminError && error.kind === 'Usage' ? USAGE : FAILED;
}
