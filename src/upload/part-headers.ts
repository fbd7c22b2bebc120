import type { DeclaredContent } from '../stages/file-upload.js';
import type { PutContent } from '../storage/contract/storage-provider.js';
import { declaredContent } from './declared-content.js';
import { UploadError } from './upload-error.js';

/** The headers of one form part, from the bytes between its delimiter and its body. */
export class PartHeaders {
  readonly #values = new Map<string, string[]>();

  /** @param block lines without the empty one at the end. Lines that are no headers are for the parser to complain about. */
  constructor(block: Buffer) {
    const unfolded = block.toString('latin1').replace(/\r\n[ \t]+/g, ' ');
    for (const line of unfolded.split('\r\n')) {
      const [, name = '', value = ''] = /^([^:\s]+)[ \t]*:[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
      if (name === '') continue;
      const values = this.#values.get(name.toLowerCase()) ?? [];
      this.#values.set(name.toLowerCase(), [...values, value]);
    }
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
