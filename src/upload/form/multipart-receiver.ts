import { Inject, Injectable } from '@nestjs/common';
import type { Request, RequestHandler, Response } from 'express';
import multer, { type Options, type StorageEngine } from 'multer';
import { codingOf } from '../../http/request/content-coding.js';
import { APP_CONFIG, type AppConfig } from '../../config/app-config.js';
import { escapesFileNames } from './escaped-file-name.js';
import { formBoundary } from './form-boundary.js';
import { MultipartUploadStream, type FormFileConsumer, type FormParser } from './multipart-upload-stream.js';
import { bodyLimits } from '../body/body-limits.js';
import { assertNoFormDigests } from '../headers/declared-content.js';
import type { UploadSlot } from '../admission/upload-admission.js';
import { brokenForm, encodedBody, assertWholeFile } from '../upload-error.js';

/** Text fields are rejected, and only their name is used. */
const MAX_FIELD_BYTES = 1024;
/** Bytes of a form that may wait for a consumer. Below a chunk's size, every chunk would wait. */
const PARSER_BUFFER_BYTES = 1024 * 1024;

/** Option of multer that its types lack: a function that feeds the parser. */
interface FedOptions extends Options {
  readonly highWaterMark: number;
  readonly streamHandler: (request: Request, parser: FormParser) => void;
}

/** The only file that uses multer. */
@Injectable()
export class MultipartReceiver {
  constructor(@Inject(APP_CONFIG) private readonly config: AppConfig) {}

  /**
   * Parses a form and passes each file to the consumer as it arrives, one after the other.
   *
   * @returns the files' names as sent; every file was stored, and the form was complete to its closing boundary.
   * @throws UploadError, an error of the consumer, or PartialUploadError around either if some files were already
   *   stored.
   */
  async receive(
    { request, response }: { readonly request: Request; readonly response: Response },
    admission: UploadSlot,
    consume: FormFileConsumer,
  ): Promise<readonly string[]> {
    const { upload } = this.config;
    const { headers } = request;
    assertNoFormDigests(request.headersDistinct);
    const coding = codingOf(headers);
    if (coding !== undefined) throw encodedBody(coding);
    assertWholeFile(headers['content-range']);
    const boundary = formBoundary(headers['content-type']);
    // multer's parser also reads the header, and accepts less than RFC 9110 5.6.6 allows.
    headers['content-type'] = `multipart/form-data; boundary="${boundary}"`;
    const form = new MultipartUploadStream(request, {
      ...bodyLimits(upload, admission),
      boundary,
      escapesNames: escapesFileNames(headers['user-agent']),
      maxFileBytes: upload.maxFileBytes,
      consume,
    });
    parseInto(form, upload.maxFiles)(request, response, (error?: unknown) => {
      // Called early, with or without an error, if multer rejects the form before reading it. Later the stream decides
      // by itself: multer's callback can come late or never, because its parser leaves open files hanging after a
      // malformed header.
      if (!form.isFed) form.fail(brokenForm('its Content-Type is malformed', error));
    });
    return form.completed();
  }
}

function parseInto(form: MultipartUploadStream, maxFiles: number): RequestHandler {
  const options: FedOptions = {
    storage: engineOf(form),
    preservePath: true,
    defParamCharset: 'utf8',
    limits: { files: maxFiles, fieldSize: MAX_FIELD_BYTES },
    highWaterMark: PARSER_BUFFER_BYTES,
    streamHandler: (_request, parser) => {
      form.feed(parser);
    },
  };
  return multer(options).any();
}

function engineOf(form: MultipartUploadStream): StorageEngine {
  return {
    _handleFile: (_request, file, callback) => {
      form.accept(file.stream).then(
        () => {
          callback(null);
        },
        (error: unknown) => {
          callback(error);
        },
      );
    },
    // A stored file stays, even if a later one fails.
    _removeFile: (_request, _file, callback) => {
      callback(null);
    },
  };
}
