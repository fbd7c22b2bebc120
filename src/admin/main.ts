import 'reflect-metadata';
import process from 'node:process';
import { AppError } from '../common/app-error.js';
import { parseAppConfig } from '../config/app-config.js';
import { silenceLibraryNotices } from '../config/library-notices.js';
import { StorageModule } from '../storage/storage.module.js';
import { AdminError } from './admin-error.js';
import { runCommand } from './commands.js';

const FAILED = 1;
const USAGE = 2;

silenceLibraryNotices();
process.umask(0o077); // what a command makes is for the user of the service alone
try {
  await runCommand(
    process.argv.slice(2),
    () => parseAppConfig(undefined, StorageModule.connectionProblem.bind(StorageModule)),
    (line) => void process.stdout.write(`${line}\n`),
  );
} catch (error) {
  // The system's own sentence says which file, and why.
  const isMeantForTheUser = error instanceof AppError || (error instanceof Error && 'syscall' in error);
  const text = isMeantForTheUser ? error.message : String(error instanceof Error ? error.stack : error);
  process.stderr.write(`${text}\n`);
  process.exitCode = error instanceof AdminError && error.kind === 'Usage' ? USAGE : FAILED;
}
