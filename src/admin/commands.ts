import { parseArgs, type ParseArgsConfig } from 'node:util';
import type { AppConfig } from '../config/app-config.js';
import { AdminError } from './admin-error.js';
import type { CommandCall, ReadLine, Report } from './command-call.js';
import { backup } from './commands/backup.js';
import { copyDatabase } from './commands/copy-database.js';
import { createUser } from './commands/create-user.js';
import { doctor } from './commands/doctor.js';
import { endPresignedUrls } from './commands/end-presigned-urls.js';
import { forgetConnections } from './commands/forget-connections.js';
import { grantRole } from './commands/grant-role.js';
import { listUsers } from './commands/list-users.js';
import { QUOTA_OPTIONS, stageQuota, userQuota } from './commands/quota.js';
import { reindex } from './commands/reindex.js';
import { resetPassword } from './commands/reset-password.js';
import { restore } from './commands/restore.js';
import { revokeTokens } from './commands/revoke-tokens.js';
import { rotateKey } from './commands/rotate-key.js';

interface Command {
  /** Arguments after the name. */
  readonly usage: string;
  /** One sentence for `help`. */
  readonly purpose: string;
  /** Options, without their two dashes. */
  readonly options?: ParseArgsConfig['options'];
  readonly run: (call: CommandCall) => Promise<void>;
}

/** A password that is made must be changed by its user, unless it is to be kept. */
const KEEP = { keep: { type: 'boolean' } } as const;

const COMMANDS: Readonly<Record<string, Command>> = {
  doctor: {
    usage: '[--stages] [--json]',
    purpose: 'Says what is wrong with settings, folders, database, keys and stores, and what to do.',
    options: { stages: { type: 'boolean' }, json: { type: 'boolean' } },
    run: doctor,
  },
  backup: {
    usage: '<folder>',
    purpose: 'Copies database, key and internal files into a new folder, while the server runs.',
    run: backup,
  },
  restore: {
    usage: '<folder> [--overwrite]',
    purpose: 'Checks a backup and puts it into DATA_DIR, while the server is stopped.',
    options: { overwrite: { type: 'boolean' } },
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
  quota: {
    usage: '<stage> [--bytes <n>] [--files <n>] [--force] [--remove] [--fresh]',
    purpose: 'Shows how much an internal stage may hold and holds, or sets it in place of any before.',
    options: QUOTA_OPTIONS,
    run: stageQuota,
  },
  'user-quota': {
    usage: '<user> [--bytes <n>] [--files <n>] [--force] [--remove] [--fresh]',
    purpose: "The same for a user's own stage.",
    options: QUOTA_OPTIONS,
    run: userQuota,
  },
  'create-user': {
    usage: '<name> [--admin] [--role <role>]… [--keep]',
    purpose: 'Creates a user. The password is a line of the input, or made and to be changed, unless kept.',
    options: { admin: { type: 'boolean' }, role: { type: 'string', multiple: true }, ...KEEP },
    run: createUser,
  },
  'reset-password': {
    usage: '<name> [--keep]',
    purpose: 'Gives a user another password, in the same way; root, too.',
    options: KEEP,
    run: resetPassword,
  },
  grant: {
    usage: '<role> <name>',
    purpose: 'Grants a role to a user.',
    run: grantRole,
  },
  'list-users': {
    usage: '',
    purpose: 'Shows the users, their roles, and who is disabled.',
    run: listUsers,
  },
  'revoke-tokens': {
    usage: '<name>',
    purpose: 'Ends all API tokens of a user, at once.',
    run: revokeTokens,
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
  readLine: ReadLine = () => Promise.resolve(undefined),
): Promise<void> {
  const [name = 'help', ...given] = argv;
  if (['help', '--help', '-h'].includes(name)) {
    report(help());
    return;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    throw new AdminError('Usage', `There is no command ${JSON.stringify(name)}.\n${help()}`);
  }
  const { args, options } = parsedArguments(name, command, given);
  await command.run({
    get config() {
      return readConfig();
    },
    readConfig,
    args,
    options,
    report,
    readLine,
  });
}

/** @throws AdminError of kind `Usage` for an unknown option, or for more or fewer arguments than the usage has. */
function parsedArguments(
  name: string,
  { usage, options = {} }: Command,
  given: readonly string[],
): Pick<CommandCall, 'args' | 'options'> {
  const expected = usage.replaceAll(/\[[^\]]*\]…?/g, '').match(/<[^>]+>/g) ?? [];
  try {
    const { positionals, values } = parseArgs({ args: [...given], options, allowPositionals: true });
    if (positionals.length === expected.length) return { args: positionals, options: values };
  } catch (error) {
    if (!isArgumentError(error)) throw error;
  }
  throw new AdminError('Usage', `Write: npm run admin -- ${`${name} ${usage}`.trim()}`);
}

/** An error of Node's parser. */
function isArgumentError(error: unknown): boolean {
  const isCoded = typeof error === 'object' && error !== null && 'code' in error;
  return isCoded && String(error.code).startsWith('ERR_PARSE_ARGS_');
}

function help(): string {
  const lines = Object.entries(COMMANDS).map(
    ([name, { usage, purpose }]) => `  ${`${name} ${usage}`.trim()}\n      ${purpose}`,
  );
  return ['npm run admin -- <command>, with the settings of the server:', ...lines].join('\n');
}
