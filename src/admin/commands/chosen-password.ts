import { randomInt } from 'node:crypto';
import type { CommandCall } from '../command-call.js';

/** A password that was given by the input, or made. */
export interface ChosenPassword {
  readonly password: string;
  readonly isMade: boolean;
  /** Whether its user must choose another one first: whoever runs the command has seen a password that was made. */
  readonly mustChange: boolean;
}

const MADE_LENGTH = 24;
/** Without letters and digits that look alike. */
const CHARACTERS = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/** Takes the first line of the input, and makes a password where there is none. */
export async function choosePassword({ config, options, readLine }: CommandCall): Promise<ChosenPassword> {
  const line = await readLine();
  if (line !== undefined && line !== '') return { password: line, isMade: false, mustChange: false };
  const length = Math.max(MADE_LENGTH, config.passwordMinLength);
  return { password: madePassword(length), isMade: true, mustChange: options['keep'] !== true };
}

/** Lines that tell whoever runs the command what was made. */
export function toldPassword({ password, isMade, mustChange }: ChosenPassword): readonly string[] {
  if (!isMade) return [];
  return [
    `password: ${password}`,
    'It is shown this once.',
    ...(mustChange
      ? [
          "Its user must choose another one first, by PUT /v1/password or ALTER USER USER() IDENTIFIED BY '…'.",
        ]
      : []),
  ];
}

function madePassword(length: number): string {
  return Array.from({ length }, () => CHARACTERS.charAt(randomInt(CHARACTERS.length))).join('');
}
