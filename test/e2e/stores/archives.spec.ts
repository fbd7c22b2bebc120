import { entriesOf } from '../../unit/stages/archive/zip-entries.js';
import { archived, restOf, zip } from './asked-archives.js';
import { eventually, expectError } from '../support/expectations.js';
import { ODD_STAGE, onOddStore } from '../support/odd-store.js';

/** More than what is read before its turn. */
const LONG = Buffer.alloc(200_000, 'long ');

onOddStore((scene) => {
  const fill = (contents: Readonly<Record<string, Buffer | string>>): void => {
    for (const [name, content] of Object.entries(contents)) scene().s3.store.put(name, Buffer.from(content));
  };

  describe('an archive of what others have put into a bucket', () => {
    it('has safe names, and says which they were', async () => {
      fill({ '../up': '1', '/etc/hosts': '2', A: '3', a: '4', 'a/b': '5', 'c\\d': '6', plain: '7' });
      scene().s3.store.put(Buffer.from([0xff]), Buffer.from('8'));
      const entries = await archived(scene().client, ODD_STAGE);
      expect(entries.slice(0, -1).map(([name, content]) => [name, content])).toEqual([
        ['__/up', '1'],
        ['_/etc/hosts', '2'],
        ['A', '3'],
        ['a~2', '4'],
        ['a~3/b', '5'],
        ['c_d', '6'],
        ['plain', '7'],
        ['%FF', '8'],
      ]);
      expect(entries.at(-1)?.slice(0, 2)).toEqual([
        '_notes.csv',
        [
          'name,name_in_stage,note',
          '"__/up","../up","renamed"',
          '"_/etc/hosts","/etc/hosts","renamed"',
          '"a~2","a","renamed"',
          '"a~3/b","a/b","renamed"',
          '"c_d","c\\d","renamed"',
          `"%FF","${Buffer.from('\uFDD0FF').toString('latin1')}","renamed"`,
          '',
        ].join('\r\n'),
      ]);
    });
  });

  describe('an archive of a store that fails', () => {
    it.each<[string, Buffer | string]>([
      ['a short file', 'short'],
      ['a long file', LONG],
    ])('at %s which comes first is an error', async (_what, content) => {
      fill({ first: content, second: 'x' });
      scene().s3.quirks.answers = [{ on: 'GetObject', key: 'first', answer: { code: 'AccessDenied' } }];
      const answer = await zip(scene().client, ODD_STAGE);
      await expectError(answer, { status: 502, code: 3002, message: /AccessDenied/ });
    });

    it.each<[string, Buffer | string]>([
      ['a short file', 'short'],
      ['a long file', LONG],
    ])('at %s later is broken off, and seen to be', async (_what, content) => {
      fill({ first: LONG, second: content, third: 'x' });
      scene().s3.quirks.answers = [{ on: 'GetObject', key: 'second', answer: { code: 'AccessDenied' } }];
      await expectBrokenOff();
    });

    it('in the middle of a file is broken off, and seen to be', async () => {
      fill({ first: 'x', second: LONG, third: 'x' });
      scene().s3.quirks.answers = [{ on: 'GetObject', key: 'second', answer: 'cut' }];
      await expectBrokenOff();
    });

    it('serves on when a client leaves while the store stands still', async () => {
      fill({ first: 'x', second: LONG, third: 'x' });
      scene().s3.quirks.answers = [{ on: 'GetObject', key: 'second', times: 1, answer: 'stall' }];
      const connection = await scene().client.start(`GET /v1/stages/${ODD_STAGE}/zip`);
      await eventually(() => {
        expect(connection.hasReceived).toBe(true);
      });
      connection.leave();
      expect(await archived(scene().client, ODD_STAGE)).toHaveLength(3);
    });
  });

  async function expectBrokenOff(): Promise<void> {
    const answer = await zip(scene().client, ODD_STAGE);
    expect(answer.status).toBe(200);
    if (answer.body === null) throw new TypeError('an answer without a body');
    const { bytes, isWhole } = await restOf(answer.body.getReader());
    expect(isWhole).toBe(false);
    await expect(entriesOf(bytes)).rejects.toThrow();
  }
});
