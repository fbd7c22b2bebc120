import { isUtf8 } from 'node:buffer';
import { RequestError } from '../../http/request/request-error.js';
import { UploadError } from '../upload-error.js';

export interface UploadTarget {
  readonly stageName: string;
  readonly directory: string;
}

/** Databend's header names: the preferred one, and the older one, which some proxies drop. */
const STAGE_HEADERS = ['x-databend-stage-name', 'stage_name'] as const;
const DIRECTORY_HEADERS = ['x-databend-relative-path', 'relative_path'] as const;

/**
 * Parses the stage and the directory of an upload.
 *
 * @param headers every value of every header, names in lower case.
 * @throws UploadError if the stage is missing or ambiguous; RequestError for an invalid header.
 */
export function uploadTarget(headers: NodeJS.Dict<string[]>): UploadTarget {
  const stageName = onlyValue(headers, STAGE_HEADERS);
  if (stageName === undefined) {
    const misnamed = headers['stage-name'] === undefined ? '' : ' The header stage-name is not read.';
    throw new UploadError(
      'MissingStageHeader',
      "[HTTP-STAGE] Missing required parameter 'stage-name' in request headers: " +
        "send x-databend-stage-name (or stage_name, which some proxies drop) with the stage's name, ~ for your own." +
        misnamed,
    );
  }
  assertNoMisnamedDirectory(headers);
  return { stageName, directory: onlyValue(headers, DIRECTORY_HEADERS) ?? '' };
}

/** Rejects a misspelled header: ignoring it would store the files in another directory. */
function assertNoMisnamedDirectory(headers: NodeJS.Dict<string[]>): void {
  if (headers['relative-path'] === undefined) return;
  throw new RequestError(
    'MalformedHeader',
    'The header relative-path is not read: send the directory as x-databend-relative-path, or as relative_path.',
  );
}

function onlyValue(headers: NodeJS.Dict<string[]>, names: readonly string[]): string | undefined {
  const values = new Set(names.flatMap((name) => headers[name] ?? []).map((value) => value.trim()));
  values.delete('');
  if (values.size > 1) {
    throw new UploadError(
      'ConflictingHeaders',
      `The headers ${names.join(' and ')} are given with different values: send one of them, once.`,
    );
  }
  const [value] = values;
  return value === undefined ? undefined : utf8(value, names[0] ?? '');
}

/** Decodes a header: Node reads its bytes as Latin-1, clients send UTF-8. */
function utf8(value: string, name: string): string {
  const bytes = Buffer.from(value, 'latin1');
  if (isUtf8(bytes)) return bytes.toString();
  throw new RequestError('MalformedHeader', `The header ${name} is not valid UTF-8.`);
}
