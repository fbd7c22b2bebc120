const DIRECTORIES = 20;
const SUBDIRECTORIES = 10;
const FILES = 98;

/**
 * Names whose order by UTF-8 bytes differs from that of a walk that forgets the slash, of UTF-16 and of a locale. A
 * directory `d` has neighbours that sort before and after `d/`.
 */
const DIRECTORY_NAMES = ['data', 'Data', 'däta', 'ﬀ', '🎭', '日本', 'a b', 'z'];
const FILE_NAMES = ['🎟', 'ﬀ', 'part', '-', 'Part'];
const NEIGHBOURS = ['!', '-x', '.csv', '0'];

/** `count` paths, at most 20,080, of files in nested directories, in no order. */
export function nestedNames(count: number): string[] {
  const names: string[] = [];
  for (let d = 0; d < DIRECTORIES; d++) {
    const directory = `${DIRECTORY_NAMES[d % DIRECTORY_NAMES.length] ?? ''}${String(d)}`;
    for (let s = 0; s < SUBDIRECTORIES; s++) {
      const subdirectory = `${directory}/s${String(s)}`;
      names.push(...filesIn(subdirectory));
      names.push(...NEIGHBOURS.slice(0, 2).map((neighbour) => `${subdirectory}${neighbour}`));
    }
    names.push(...NEIGHBOURS.map((neighbour) => `${directory}${neighbour}`));
  }
  return names.slice(0, count);
}

function filesIn(directory: string): string[] {
  return Array.from({ length: FILES }, (_, i) => {
    // Every seventh file lies deeper.
    const folder = i % 7 === 0 ? `${directory}/deep/${String(i % 3)}` : directory;
    return `${folder}/${FILE_NAMES[i % FILE_NAMES.length] ?? ''}-${String(i)}.parquet`;
  });
}

/** Found without the server's own comparison. */
export function inByteOrder(names: readonly string[]): string[] {
  return [...names].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}
