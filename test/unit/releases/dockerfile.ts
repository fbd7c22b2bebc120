/** An instruction as it stands, its continued lines joined. */
export interface Instruction {
  readonly name: string;
  readonly text: string;
}

/** What is between one FROM and the next. */
export interface Stage {
  readonly image: string;
  readonly instructions: readonly Instruction[];
}

/** Reads the stages of a Dockerfile. */
export function stagesOf(text: string): Stage[] {
  const stages: { image: string; instructions: Instruction[] }[] = [];
  for (const line of instructionLines(text)) {
    const [, name = '', rest = ''] = /^(\S+)\s+(.*)$/.exec(line) ?? [];
    if (name === 'FROM') stages.push({ image: rest.split(/\s+/)[0] ?? '', instructions: [] });
    else stages.at(-1)?.instructions.push({ name, text: rest });
  }
  return stages;
}

/** Without comments and empty lines. */
function instructionLines(text: string): string[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
  return lines
    .join('\n')
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n');
}

/** What a COPY takes out of the folder of the sources; nothing for any other instruction. */
export function copiedSources({ name, text }: Instruction): string[] {
  return name === 'COPY' && !text.startsWith('--from=') ? text.split(/\s+/).slice(0, -1) : [];
}
