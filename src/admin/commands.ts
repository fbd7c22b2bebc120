import type { AppConfig } from '../config/app-config.js';
import { AdminError } from './admin-error.js';
import type { CommandCall, Report } from './command-call.js';
import { backup } from './commands/backup.js';
import { copyDatabase } from './commands/copy-database.js';
import { endPresignedUrls } from './commands/end-presigned-urls.js';
import { forgetConnections } from './commands/forget-connections.js';
import { reindex } from './commands/reindex.js';
import { restore } from './commands/restore.js';
import { rotateKey } from './commands/rotate-key.js';

interface Command {
  /** Arguments after the name. */
  readonly usage: string;
  /** One sentence for `help`. */
  readonly purpose: string;
  readonly run: (call: CommandCall) => Promise<void>;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  backup: {
    usage: '<folder>',
    purpose: 'Copies database, key and internal files into a new folder, while the server runs.',
    run: backup,
  },
  restore: {
    usage: '<folder> [--overwrite]',
    purpose: 'Checks a backup and puts it into DATA_DIR, while the server is stopped.',
    run: restore,
  },
  'copy-database': {
    usage: '<url>',
    purpose: 'Copies the database into another one, as from SQLite to PostgreSQL, while no server runs.',
    run: copyDatabase,
  },
  reindex: {
    usage: '<stage>',
    purpose: 'Reads the files of a stage whose md5 is unknown, and attaches what was recorded of them.',
    run: reindex,
  },
  'rotate-key': {
    usage: '',
    purpose: 'Encrypts everything anew with the first key of CONNECTION_KEY, while servers run.',
    run: rotateKey,
  },
  'end-presigned-urls': {
    usage: '',
    purpose: 'Ends all presigned URLs that were made before, at once.',
    run: endPresignedUrls,
  },
  'forget-connections': {
    usage: '',
    purpose: 'Drops the external stages and connections that the key does not open.',
    run: forgetConnections,
  },
};

/**
 * @param readConfig is called for a known command only: `help` needs no settings.
 * @throws AdminError of kind `Usage`.
 */
export async function runCommand(
  argv: readonly string[],
  readConfig: () => AppConfig,
  report: Report,
): Promise<void> {
  const [name = 'help', ...args] = argv;
  if (['help', '--help', '-h'].includes(name)) {
    report(help());
    return;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    throw new AdminError('Usage', `There is no command ${JSON.stringify(name)}.\n${help()}`);
  }
  assertArguments(name, command.usage, args);
  await command.run({ config: readConfig(), args, report });
}

function assertArguments(name: string, usage: string, args: readonly string[]): void {
  const words = usage.split(' ').filter((word) => word !== '');
  const flags = words.filter((word) => word.startsWith('[')).map((word) => word.slice(1, -1));
  const values = args.filter((arg) => !flags.includes(arg));
  const unknown = values.find((value) => value.startsWith('-'));
  if (unknown === undefined && values.length === words.length - flags.length) return;
  throw new AdminError('Usage', `Write: npm run admin -- ${[name, ...words].join(' ')}`);
}

function help(): string {
  const lines = Object.entries(COMMANDS).map(
    ([name, { usage, purpose }]) => `  ${`${name} ${usage}`.padEnd(34)}${purpose}`,
  );
  return ['npm run admin -- <command>, with the settings of the server:', ...lines].join('\n');
}
