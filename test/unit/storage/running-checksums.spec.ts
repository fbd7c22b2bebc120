import { CHECKSUM_ALGORITHMS } from '../../../src/storage/contract/checksums.js';
import { checksumsOf, RunningChecksums } from '../../../src/storage/checksums/running-checksums.js';

/** Of the nine digits by which CRCs are told apart, and of nothing; from the standards, by no code of this house. */
const OF_DIGITS = {
  md5: '25f9e794323b453885f5181f1b624d0b',
  sha1: 'f7c3bc1d808e04732adf679965ccc34ca7ae3441',
  sha256: '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225',
  sha512:
    'd9e6762dd1c8eaf6d61b3c6192fc408d4d6d5f1176d0c29169bc24e71c3f274ad27fcd5811b313d681f7e55ec02d73d499c95455b6b5bb503acf574fba8ffe85',
  crc32: 'cbf43926',
  crc32c: 'e3069283',
};
const OF_NOTHING = {
  md5: 'd41d8cd98f00b204e9800998ecf8427e',
  sha1: 'da39a3ee5e6b4b0d3255bfef95601890afd80709',
  sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  crc32: '00000000',
  crc32c: '00000000',
};

describe('checksums', () => {
  it.each(Object.entries(OF_DIGITS))('by %s are those of the standard', (algorithm, hex) => {
    const known = CHECKSUM_ALGORITHMS.filter((name) => name === algorithm);
    expect(checksumsOf([Buffer.from('123456789')], known)).toEqual({ [algorithm]: hex });
  });

  it('of nothing are those of the standard', () => {
    expect(checksumsOf([], CHECKSUM_ALGORITHMS)).toMatchObject(OF_NOTHING);
  });

  it('do not depend on the pieces in which a content comes', () => {
    const running = new RunningChecksums(CHECKSUM_ALGORITHMS);
    for (const piece of ['1', '', '2345', '67', '89']) running.update(Buffer.from(piece));
    expect(running.result()).toEqual(OF_DIGITS);
  });

  it('are computed once each, and only those that were asked for', () => {
    expect(checksumsOf([Buffer.from('123456789')], ['md5', 'md5'])).toEqual({ md5: OF_DIGITS.md5 });
    expect(checksumsOf([Buffer.from('123456789')])).toEqual({});
  });

  it('of eight digits of a CRC keep their zeros in front', () => {
    expect(checksumsOf([Buffer.from([0xff, 0xff, 0xff, 0xff])], ['crc32'])).toEqual({ crc32: 'ffffffff' });
    const short = checksumsOf([Buffer.from('2097156')], ['crc32']);
    expect(short.crc32).toHaveLength(8);
  });
});
