import { AppError } from '../common/app-error.js';

/** Why an upload request is refused, or was not whole. */
export type UploadErrorKind =
  | 'MissingStageHeader'
  | 'ConflictingHeaders'
  | 'NotMultipart'
  | 'NoBoundary'
  | 'NoFile'
  /** A form part that is no file: most often a forgotten `@`. */
  | 'NotAFile'
  /** The form was cut short, or breaks the rules of multipart/form-data. */
  | 'BrokenForm'
  | 'TooManyFiles'
  /** A form with two files of one name: the second would take the place of the first. */
  | 'RepeatedFile'
  /** A form where the bytes of a file belong. */
  | 'FormInsteadOfFile'
  /** A body or a form part that its headers call encoded: it would be stored as if it were the file. */
  | 'EncodedBody'
  /** A piece of a file, which would be stored as if it were the whole. */
  | 'PartialBody'
  /** Neither a body nor a word that it is empty. */
  | 'NoBody'
  | 'FileTooLarge'
  /** The content has another digest than was declared. */
  | 'ChecksumMismatch'
  /** A form part has another length than was declared. */
  | 'LengthMismatch'
  /** Too few bytes have come for long. */
  | 'TooSlow'
  /** There is no memory for another upload now. */
  | 'Busy'
  /** The user has too many uploads at once. */
  | 'TooManyUploads'
  | 'ShuttingDown'
  /** No byte has come for too long. */
  | 'IdleTimeout'
  | 'ClientGone';

export class UploadError extends AppError<UploadErrorKind> {}

/**
 * A form that failed after some of its files were stored: each file is atomic by itself, so that these stay, and the
 * answer names them. `cause` says why it failed.
 */
export class PartialUploadError extends AppError<'PartialUpload'> {
  override readonly cause: Error;
  /** Names as they were sent. */
  readonly files: readonly string[];

  constructor(cause: Error, files: readonly string[]) {
    super('PartialUpload', cause.message, { cause });
    this.cause = cause;
    this.files = files;
  }
}

/** @param reason what is wrong with a form, to go on after "cannot be read: ". */
export function brokenForm(reason: string, cause?: unknown): UploadError {
  return new UploadError(
    'BrokenForm',
    `The form cannot be read: ${reason}. Nothing of its last file was kept.`,
    {
      cause,
    },
  );
}

/** A piece would be stored as if it were the whole. */
export function refusePiece(contentRange: string | undefined): void {
  if (contentRange === undefined) return;
  throw new UploadError(
    'PartialBody',
    'Send the whole file, without Content-Range: uploads are not resumed.',
  );
}

/** @param coding the header that says so. */
export function encodedBody(coding: string): UploadError {
  return new UploadError(
    'EncodedBody',
    `Send the file without ${coding}. It would be stored encoded, under a name that does not say so. ` +
      'With curl leave out encoder=; to store a compressed file, leave the header out and name the file for what it is, ' +
      'as in data.csv.gz.',
  );
}
