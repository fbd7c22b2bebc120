import { Inject, Injectable } from '@nestjs/common';
import type { Request, RequestHandler, Response } from 'express';
import multer, { type Options, type StorageEngine } from 'multer';
import { codingOf } from '../../http/request/content-coding.js';
import { APP_CONFIG, type AppConfig } from '../../config/app-config.js';
import { escapesFileNames } from './escaped-file-name.js';
import { formBoundary } from './form-boundary.js';
import { MultipartUploadStream, type FormFileConsumer, type FormParser } from './multipart-upload-stream.js';
import { bodyLimits } from '../body/body-limits.js';
import { refuseDigestsOfForm } from '../headers/declared-content.js';
import type { UploadSlot } from '../admission/upload-admission.js';
import { brokenForm, encodedBody, refusePiece } from '../upload-error.js';

/** A text field is refused anyway; only its name is wanted. */
const MAX_FIELD_BYTES = 1024;
/** So much of a form may wait for a consumer. Below the size of a chunk every chunk would be waited for. */
const PARSER_BUFFER_BYTES = 1024 * 1024;

/** An option of multer that its types do not know: who feeds the parser. */
interface FedOptions extends Options {
  readonly highWaterMark: number;
  readonly streamHandler: (request: Request, parser: FormParser) => void;
}

/** The only file that knows multer. */
@Injectable()
export class MultipartReceiver {
  constructor(@Inject(APP_CONFIG) private readonly config: AppConfig) {}

  /**
   * Takes a form apart and hands each file to the consumer, one after the other, as it arrives.
   *
   * @returns the files' names as they were sent; each file was stored, and the form was whole to its closing boundary.
   * @throws UploadError, whatever the consumer has thrown, or PartialUploadError around either where files were stored
   *   before.
   */
  async receive(
    { request, response }: { readonly request: Request; readonly response: Response },
    admission: UploadSlot,
    consume: FormFileConsumer,
  ): Promise<readonly string[]> {
    const { upload } = this.config;
    const { headers } = request;
    refuseDigestsOfForm(request.headersDistinct);
    const coding = codingOf(headers);
    if (coding !== undefined) throw encodedBody(coding);
    refusePiece(headers['content-range']);
    const boundary = formBoundary(headers['content-type']);
    // multer's parser reads the header too, and takes less than RFC 9110 5.6.6 allows.
    headers['content-type'] = `multipart/form-data; boundary="${boundary}"`;
    const form = new MultipartUploadStream(request, {
      ...bodyLimits(upload, admission),
      boundary,
      escapesNames: escapesFileNames(headers['user-agent']),
      maxFileBytes: upload.maxFileBytes,
      consume,
    });
    parseInto(form, upload.maxFiles)(request, response, (error?: unknown) => {
      // Called early where multer has refused the form before it read it, with an error or without. Later the stream
      // knows it all by itself: multer's own word can come late, or never (its parser leaves open files hanging after a
      // malformed header).
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
    // A file that is stored stays, also where a later one fails.
    _removeFile: (_request, _file, callback) => {
      callback(null);
    },
  };
}
