import { chromium, type Browser } from 'playwright-core';
import { findProgram } from '../../../scripts/lib/programs.mjs';

/** Debian's name, and that of other systems. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** The Chromium of this machine; undefined where there is none. */
export function findChromium(): string | undefined {
  for (const name of NAMES) {
    const program = findProgram(name);
    if (program !== undefined) return program;
  }
  return undefined;
}

/** A browser without windows, to which these names are this machine. */
export async function startBrowser(executablePath: string, names: readonly string[]): Promise<Browser> {
  const rules = names.map((name) => `MAP ${name} 127.0.0.1`).join(', ');
  return chromium.launch({ executablePath, args: ['--no-sandbox', `--host-resolver-rules=${rules}`] });
}
