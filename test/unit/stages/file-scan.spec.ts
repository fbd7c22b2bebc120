import { FileScan, type ScanOptions } from '../../../src/stages/files/listing/file-scan.js';
import { nameOf, type ListedEntry } from '../../../src/stages/files/listing/listed-entry.js';

interface Batch {
  readonly names: readonly string[];
  /** What the store resumes by behind the batch. */
  readonly point?: string;
  readonly unlisted?: string;
}

const PAGED: readonly Batch[] = [
  { names: ['a', 'b', 'c'], point: 'after c' },
  { names: ['d', 'e', 'f'], point: 'after f' },
  { names: ['g'] },
];
const signal = new AbortController().signal;

interface Opened {
  readonly scan: FileScan;
  /** Has the listing ended, at its end or before? */
  readonly ended: () => boolean;
  readonly options: () => ScanOptions | undefined;
}

function open(batches: readonly Batch[], position?: ConstructorParameters<typeof FileScan>[0]): Opened {
  let hasEnded = false;
  let given: ScanOptions | undefined;
  const scan = new FileScan(position, async function* (options) {
    given = options;
    try {
      for (const { names, point, unlisted } of batches) {
        await Promise.resolve();
        if (unlisted !== undefined) options.onUnlisted?.([unlisted]);
        if (point !== undefined) options.onResumePoint?.(point);
        yield names.map((prefix): ListedEntry => ({ prefix }));
      }
    } finally {
      hasEnded = true;
    }
  });
  return { scan, ended: () => hasEnded, options: () => given };
}

async function names(scan: FileScan, most: number): Promise<string[] | undefined> {
  return (await scan.next(most, signal))?.map(nameOf);
}

describe('a scan of files', () => {
  it('goes on in the middle of a batch, and at the next one', async () => {
    const { scan } = open(PAGED);
    expect(await names(scan, 2)).toEqual(['a', 'b']);
    expect(await names(scan, 2)).toEqual(['c']);
    expect(await names(scan, 9)).toEqual(['d', 'e', 'f']);
    expect(await names(scan, 9)).toEqual(['g']);
    expect(await names(scan, 9)).toBeUndefined();
  });

  it('resumes behind a batch that was read whole, and before one of which some is unread', async () => {
    const { scan } = open(PAGED);
    expect(scan.resumePoint).toBeUndefined();
    await scan.next(2, signal);
    expect(scan.resumePoint).toBeUndefined();
    await scan.next(2, signal);
    expect(scan.resumePoint).toBe('after c');
    await scan.next(1, signal);
    expect(scan.resumePoint).toBe('after c');
    await scan.next(9, signal);
    expect(scan.resumePoint).toBe('after f');
  });

  it('begins where it is told, and resumes there as long as it knows nothing better', async () => {
    const { scan, options } = open([{ names: ['x', 'y'] }], { after: 'w', resumePoint: 'after v' });
    await scan.next(1, signal);
    expect(options()).toMatchObject({ startAfter: 'w', resumePoint: 'after v' });
    expect(scan.resumePoint).toBe('after v');
  });

  it('takes the word of its store that there is more, and reads on only where it has none', async () => {
    const { scan } = open(PAGED);
    await scan.next(9, signal);
    expect(await scan.hasMore(signal)).toBe(true);
    await scan.next(9, signal);
    await scan.next(9, signal);
    expect(await scan.hasMore(signal)).toBe(false);
  });

  it('loses nothing by looking whether there is more', async () => {
    const { scan } = open([{ names: ['a'] }, { names: ['b'] }]);
    await scan.next(1, signal);
    expect(await scan.hasMore(signal)).toBe(true);
    expect(await scan.hasMore(signal)).toBe(true);
    expect(await names(scan, 9)).toEqual(['b']);
    expect(await scan.hasMore(signal)).toBe(false);
  });

  it('tells once of each directory that could not be read', async () => {
    const { scan } = open([
      { names: ['a'], unlisted: 'x/' },
      { names: ['b'], unlisted: 'y/' },
    ]);
    await scan.next(9, signal);
    expect(scan.takeUnlisted()).toEqual(['x/']);
    await scan.next(9, signal);
    expect(scan.takeUnlisted()).toEqual(['y/']);
  });

  it('ends its listing when it is closed', async () => {
    const { scan, ended } = open(PAGED);
    await scan.next(1, signal);
    expect(ended()).toBe(false);
    scan.close();
    await new Promise(setImmediate);
    expect(ended()).toBe(true);
  });
});
