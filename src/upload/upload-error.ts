import { AppError } from '../common/app-error.js';

/** Why an upload was rejected, or was incomplete. */
export type UploadErrorKind =
  | 'MissingStageHeader'
  | 'ConflictingHeaders'
  | 'NotMultipart'
  | 'NoBoundary'
  | 'NoFile'
  /** A form part that is no file: usually a missing `@`. */
  | 'NotAFile'
  /** The form is truncated, or violates the rules of multipart/form-data. */
  | 'BrokenForm'
  | 'TooManyFiles'
  /** Two files of one form have the same name: the second would replace the first. */
  | 'RepeatedFile'
  /** A form in place of a file. */
  | 'FormInsteadOfFile'
  /** Headers declare a body or a form part as encoded: it would be stored as the file. */
  | 'EncodedBody'
  /** A part of a file, which would be stored as the whole. */
  | 'PartialBody'
  /** No body, and no Content-Length: 0. */
  | 'NoBody'
  | 'FileTooLarge'
  /** The content does not match its declared digest. */
  | 'ChecksumMismatch'
  /** The length of a form part does not match its declaration. */
  | 'LengthMismatch'
  /** The client sends too slowly. */
  | 'TooSlow'
  /** No memory for another upload at the moment. */
  | 'Busy'
  /** The user has too many concurrent uploads. */
  | 'TooManyUploads'
  | 'ShuttingDown'
  /** No byte has arrived for too long. */
  | 'IdleTimeout'
  | 'ClientGone';

export class UploadError extends AppError<UploadErrorKind> {}

/**
 * A form failed after some of its files were stored. Each file is atomic, so these stay, and the answer names them.
 * `cause` gives the reason.
 */
export class PartialUploadError extends AppError<'PartialUpload'> {
  override readonly cause: Error;
  /** Names as sent. */
  readonly files: readonly string[];

  constructor(cause: Error, files: readonly string[]) {
    super('PartialUpload', cause.message, { cause });
    this.cause = cause;
    this.files = files;
  }
}

/** @param reason problem of the form, as the end of a sentence "cannot be read: ". */
export function brokenForm(reason: string, cause?: unknown): UploadError {
  return new UploadError(
    'BrokenForm',
    `The form cannot be read: ${reason}. Nothing of its last file was kept.`,
    {
      cause,
    },
  );
}

/** Rejects a part of a file, which would be stored as the whole. */
export function assertWholeFile(contentRange: string | undefined): void {
  if (contentRange === undefined) return;
  throw new UploadError(
    'PartialBody',
    'Send the whole file, without Content-Range: uploads are not resumed.',
  );
}

/** @param coding the header that declares it. */
export function encodedBody(coding: string): UploadError {
  return new UploadError(
    'EncodedBody',
    `Send the file without ${coding}. It would be stored encoded, under a name that does not say so. ` +
      'With curl leave out encoder=; to store a compressed file, leave the header out and name the file for what it is, ' +
      'as in data.csv.gz.',
  );
}
