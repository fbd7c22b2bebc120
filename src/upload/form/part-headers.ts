import type { DeclaredContent } from '../files/file-upload.js';
import type { PutContent } from '../../storage/contract/storage-provider.js';
import { declaredContent } from '../headers/declared-content.js';
import { headerParameters } from './header-parameters.js';
import { UploadError } from '../upload-error.js';

/** A header line (RFC 9110 5.1 and 5.5). */
const LINE = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*?)[ \t]*$/;
const FORM_DATA = /^form-data[ \t]*(?=;|$)/i;

/** The headers of one form part, from the bytes between its delimiter and its body. */
export class PartHeaders {
  readonly #values = new Map<string, string[]>();
  #isEveryLineRead = true;

  /** @param block lines without the empty one at the end. */
  constructor(block: Buffer) {
    const unfolded = block.toString('latin1').replace(/\r\n[ \t]+/g, ' ');
    for (const line of unfolded.split('\r\n')) {
      const [, name, value = ''] = LINE.exec(line) ?? [];
      if (name === undefined) {
        this.#isEveryLineRead = false;
        continue;
      }
      const values = this.#values.get(name.toLowerCase()) ?? [];
      this.#values.set(name.toLowerCase(), [...values, value]);
    }
  }

  /** Why they are not what a part of a form must say (RFC 7578 4.2), or not so that every reader finds the same in them. */
  get problem(): string | undefined {
    const unreadable = 'the headers of one of its parts cannot be read';
    const [disposition = '', another] = this.get('content-disposition');
    const type = FORM_DATA.exec(disposition);
    const names = type && headerParameters(disposition, type[0].length)?.map(([name]) => name);
    if (!this.#isEveryLineRead || another !== undefined || !names || new Set(names).size < names.length) {
      return unreadable;
    }
    return names.includes('name') ? undefined : 'one of its parts has no name';
  }

  get(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }

  /** What they say of the file, its length among it. @throws UploadError */
  declaredContent(): DeclaredContent {
    const { checksums, verify } = declaredContent([...this.#values.keys()], (name) => this.get(name));
    const [length] = this.get('content-length');
    return {
      checksums,
      verify: (content) => {
        if (length !== undefined) refuseOtherLength(length, content);
        verify(content);
      },
    };
  }
}

function refuseOtherLength(length: string, { size }: PutContent): void {
  if (/^\d+$/.test(length) && Number(length) === size) return;
  throw new UploadError(
    'LengthMismatch',
    `The form part has ${String(size)} bytes, and its Content-Length says ${JSON.stringify(length)}. ` +
      'Nothing of it was stored: send the file again.',
  );
}
