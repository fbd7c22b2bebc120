import type { Environment } from '../support/server-process.js';

/** Set by bash itself, by Node or by the runner: no settings. */
const NO_SETTINGS = new Set(['_', 'SHLVL', 'PWD', 'OLDPWD', 'HOST', 'PORT']);

/** Runs a command that starts the service, as far as the start: the settings it would have go to a file. */
export function untilStart(command: string, settingsFile: string): string {
  return `(
start_service() { env -0 >'${settingsFile}'; }
npm() {
  case "$*" in
    start | 'run serve') start_service ;;
    ci | 'run build') ;;
    *) echo "npm $* does not start the service"; exit 64 ;;
  esac
}
bin/stagedoor() { start_service; }
${command}
)`;
}

/** What the command has set beyond the environment of its shell. */
export function settingsOf(environment: string, shell: NodeJS.ProcessEnv): Environment {
  const pairs = environment
    .split('\0')
    .filter((pair) => pair.includes('='))
    .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)] as const);
  return Object.fromEntries(pairs.filter(([name, value]) => !NO_SETTINGS.has(name) && shell[name] !== value));
}
