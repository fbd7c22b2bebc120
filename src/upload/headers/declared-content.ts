import type { IncomingMessage } from 'node:http';
import { RequestError } from '../../http/request/request-error.js';
import { assertNoFault } from '../../http/request/request-fault.js';
import type { ChecksumAlgorithm } from '../../storage/contract/checksums.js';
import type { PutContent } from '../../storage/contract/storage-provider.js';
import type { DeclaredContent } from '../files/file-upload.js';
import { UploadError } from '../upload-error.js';

/** Returns a header's values, by its name in lower case. */
export type HeaderValues = (name: string) => readonly string[];

interface Declaration {
  readonly header: string;
  readonly algorithm: ChecksumAlgorithm;
  readonly base64: string;
}

/** Algorithms in structured fields (RFC 9530 2 and 3), with their digest lengths in bytes. */
const DIGEST_ALGORITHMS: Readonly<Record<string, ChecksumAlgorithm>> = {
  'sha-256': 'sha256',
  'sha-512': 'sha512',
  sha: 'sha1',
  md5: 'md5',
  crc32c: 'crc32c',
};
const BYTES: Readonly<Record<ChecksumAlgorithm, number>> = {
  md5: 16,
  sha1: 20,
  sha256: 32,
  sha512: 64,
  crc32: 4,
  crc32c: 4,
};
const DIGEST_HEADERS = ['content-digest', 'repr-digest', 'digest'];
const AMZ_PREFIX = 'x-amz-checksum-';
const AMZ_ALGORITHMS: readonly ChecksumAlgorithm[] = ['sha256', 'sha1', 'crc32', 'crc32c'];
/** Headers about checksums that contain none. */
const AMZ_OTHERS = ['x-amz-checksum-mode', 'x-amz-checksum-algorithm', 'x-amz-checksum-type'];

/**
 * Parses the client's declarations of a file's content: `Content-MD5`, `Content-Digest`, `Repr-Digest`, `Digest`,
 * `x-amz-checksum-…`. Rejects algorithms that cannot be verified: a success would promise a check that was never made.
 *
 * @param names of all headers, in lower case.
 * @throws RequestError for an invalid header, UploadError for contradictory ones.
 */
export function declaredContent(names: readonly string[], values: HeaderValues): DeclaredContent {
  assertVerifiable(names, values);
  const declarations = [
    ...values('content-md5').map((value) => declaration('Content-MD5', 'md5', value.trim())),
    ...DIGEST_HEADERS.flatMap((header) => digestsIn(header, values(header).join(','))),
    ...AMZ_ALGORITHMS.flatMap((algorithm) =>
      values(AMZ_PREFIX + algorithm).map((value) =>
        declaration(AMZ_PREFIX + algorithm, algorithm, value.trim()),
      ),
    ),
  ];
  const checksums: Partial<Record<ChecksumAlgorithm, string>> = {};
  for (const { algorithm, base64 } of declarations) {
    const hex = Buffer.from(base64, 'base64').toString('hex');
    if ((checksums[algorithm] ?? hex) !== hex) throw contradicting(algorithm);
    checksums[algorithm] = hex;
  }
  return {
    checksums,
    verify: (content) => {
      for (const each of declarations) assertMatches(each, content);
    },
  };
}

/** Verifies the declared content, that no undeclared bytes followed the request, and that no digest came after the body. */
export function unlessFaulty(
  request: IncomingMessage,
  { checksums, verify }: DeclaredContent,
): DeclaredContent {
  return {
    checksums,
    verify: (content) => {
      assertNoFault(request);
      assertNoDigestAfter(request);
      verify(content);
    },
  };
}

/** Rejects digests of a whole form: they would include its boundaries. Files have their own. @throws RequestError */
export function assertNoFormDigests(headers: NodeJS.Dict<string[]>): void {
  const isDigest = (name: string): boolean =>
    name === 'content-md5' || DIGEST_HEADERS.includes(name) || isAmzChecksum(name);
  const header = Object.keys(headers).find(isDigest);
  if (header === undefined) return;
  throw malformed(
    `The header ${header} is not checked for a form as a whole: give it in the form part of the file, with curl as in ` +
      `-F 'upload=@file;headers="${header}: …"', or send the file by PUT /v1/stages/{name}/files/{path}.`,
  );
}

function assertVerifiable(names: readonly string[], values: HeaderValues): void {
  for (const name of names) {
    if (isAmzChecksum(name) && !AMZ_ALGORITHMS.some((algorithm) => name === AMZ_PREFIX + algorithm)) {
      const supported = AMZ_ALGORITHMS.map((algorithm) => AMZ_PREFIX + algorithm).join(', ');
      throw malformed(`The header ${name} cannot be checked here: send one of ${supported}, or Content-MD5.`);
    }
  }
  assertNoTrailerDigest(values('trailer').join(','));
}

/** A trailer need not be announced (RFC 9110 6.6.2). */
function assertNoDigestAfter({ rawTrailers }: IncomingMessage): void {
  assertNoTrailerDigest(rawTrailers.filter((_text, index) => index % 2 === 0).join(','));
}

function assertNoTrailerDigest(names: string): void {
  if (!/digest|checksum|content-md5/i.test(names)) return;
  throw malformed('A digest cannot come in a trailer here: send it as a header, before the file.');
}

function isAmzChecksum(name: string): boolean {
  return name.startsWith(AMZ_PREFIX) && !AMZ_OTHERS.includes(name);
}

/**
 * Parses a dictionary of byte sequences (RFC 8941 3.2): `sha-256=:…:, md5=:…:`. `Digest`, its predecessor (RFC 3230
 * 4.3.2), has no colons and ignores case. Unknown algorithms are ignored.
 */
function digestsIn(header: string, field: string): readonly Declaration[] {
  if (field === '') return [];
  const [expression, example] =
    header === 'digest' ? [OLD_MEMBER, 'SHA-256=…base64…'] : [MEMBER, 'sha-256=:…base64…:'];
  const members = field.split(',').map((member) => expression.exec(member));
  if (members.includes(null)) {
    throw malformed(`The header ${header} is malformed: write it as in ${example}.`);
  }
  const digests = members.flatMap((member) => {
    const [, written = '', base64 = ''] = member ?? [];
    const name = header === 'digest' ? written.toLowerCase() : written;
    const algorithm = Object.hasOwn(DIGEST_ALGORITHMS, name) ? DIGEST_ALGORITHMS[name] : undefined;
    return algorithm === undefined ? [] : [declaration(header, algorithm, base64)];
  });
  if (digests.length > 0) return digests;
  const names = Object.keys(DIGEST_ALGORITHMS).join(', ');
  throw malformed(`The header ${header} holds no digest that can be checked here: send one of ${names}.`);
}

const OLD_MEMBER = /^\s*([\w.*-]+)=([A-Za-z0-9+/]*={0,2})(?:;[^,]*)?\s*$/;
const MEMBER = /^\s*([a-z*][a-z0-9_.*-]*)=:([A-Za-z0-9+/]*={0,2}):(?:;[^,]*)?\s*$/;

function declaration(header: string, algorithm: ChecksumAlgorithm, base64: string): Declaration {
  const isBase64 = /^[A-Za-z0-9+/]+={0,2}$/.test(base64);
  if (!isBase64 || Buffer.from(base64, 'base64').length !== BYTES[algorithm]) {
    const bytes = String(BYTES[algorithm]);
    throw malformed(
      `The header ${header} is malformed: a digest by ${algorithm} has ${bytes} bytes, in base64.`,
    );
  }
  return { header, algorithm, base64 };
}

function assertMatches({ header, algorithm, base64 }: Declaration, { checksums }: PutContent): void {
  const computed = checksums[algorithm] ?? '';
  if (computed === Buffer.from(base64, 'base64').toString('hex')) return;
  const actual = Buffer.from(computed, 'hex').toString('base64');
  throw new UploadError(
    'ChecksumMismatch',
    `The content is not what ${header} says: its ${algorithm} is ${actual} (in base64), not ${base64}. ` +
      'Nothing was stored: send the file again.',
  );
}

function contradicting(algorithm: ChecksumAlgorithm): UploadError {
  return new UploadError(
    'ConflictingHeaders',
    `Two headers give different digests by ${algorithm}: send one of them.`,
  );
}

function malformed(message: string): RequestError {
  return new RequestError('MalformedHeader', message);
}
