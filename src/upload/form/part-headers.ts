import type { DeclaredContent } from '../files/file-upload.js';
import type { PutContent } from '../../storage/contract/storage-provider.js';
import { codingIn } from '../../http/request/content-coding.js';
import { contentTypeFrom } from '../headers/content-type.js';
import { declaredContent } from '../headers/declared-content.js';
import { isExtendedValue } from './extended-value.js';
import { headerParameters } from '../../http/request/header-parameters.js';
import { trimBlanks } from '../../common/trim-blanks.js';
import { encodedBody, assertWholeFile, UploadError } from '../upload-error.js';

/** A header line (RFC 9110 5.1 and 5.5). */
const LINE = /^([!#$%&'*+.^_`|~\w-]+):([\t\x20-\x7e\x80-\xff]*)$/;
/** Parts of a disposition: an empty field name, an extended parameter, a quoted string, or an empty parameter. */
const UNREAD =
  /(;[ \t]*name=)""|;[ \t]*[^\s;="]+\*=("(?:[^"\\]|\\.)*"|[^\s;"]*)|"(?:[^"\\]|\\.)*"|;[ \t]*(?=;|$)/gi;
const CODINGS = ['Content-Transfer-Encoding', 'Content-Encoding', 'Transfer-Encoding'];
const FORM_DATA = /^form-data[ \t]*(?=;|$)/i;

/** Parses the headers of a form part, from the bytes between its delimiter and its body. */
export class PartHeaders {
  readonly #values = new Map<string, string[]>();
  #isEveryLineRead = true;

  /** @param block lines without the empty line at the end. */
  constructor(block: Buffer) {
    const unfolded = block.toString('latin1').replace(/\r\n[ \t]+/g, ' ');
    for (const line of unfolded.split('\r\n')) {
      const [, name, value = ''] = LINE.exec(line) ?? [];
      if (name === undefined) {
        this.#isEveryLineRead = false;
        continue;
      }
      const values = this.#values.get(name.toLowerCase());
      if (values === undefined) this.#values.set(name.toLowerCase(), [trimBlanks(value)]);
      else values.push(trimBlanks(value));
    }
  }

  /** Why they are invalid for a form part (RFC 7578 4.2), or ambiguous between parsers. */
  get problem(): string | undefined {
    const unreadable = 'the headers of one of its parts cannot be read';
    const [disposition = '', another] = this.get('content-disposition');
    const type = FORM_DATA.exec(disposition);
    const parameters = type && headerParameters(disposition, type[0].length);
    const names = parameters?.map(([name]) => name);
    if (!this.#isEveryLineRead || another !== undefined || !names || new Set(names).size < names.length) {
      return unreadable;
    }
    // An invalid extended name beside a plain one is ignored (RFC 6266 4.3): see `plainer`.
    const extended = parameters?.find(([name]) => name === 'filename*')?.[1];
    if (extended !== undefined && !names.includes('filename') && !isExtendedValue(extended))
      return unreadable;
    return names.includes('name') ? undefined : 'one of its parts has no name';
  }

  /** Name of a text field; undefined for a file. */
  get textField(): string | undefined {
    const [disposition = ''] = this.get('content-disposition');
    const parameters = new Map(headerParameters(disposition, disposition.indexOf(';')));
    if (parameters.get('filename') || parameters.has('filename*')) return undefined;
    return Buffer.from(parameters.get('name') ?? '', 'latin1').toString();
  }

  /** @throws UploadError */
  contentType(): string | undefined {
    return contentTypeFrom(this.get('content-type')[0]);
  }

  /**
   * Checks that no header declares the part as encoded or partial, because parts are stored unchanged.
   *
   * @throws UploadError that names the header.
   */
  assertNotEncoded(): void {
    for (const header of CODINGS) {
      const coding = codingIn(header, this.get(header.toLowerCase()).join());
      if (coding !== undefined) throw encodedBody(coding);
    }
    assertWholeFile(this.get('content-range')[0]);
  }

  /**
   * Returns simpler headers for a parser that does not support empty parameters and empty names, and drops a part with
   * an invalid extended value; undefined if it can read the original.
   */
  get plainer(): string | undefined {
    const [disposition = ''] = this.get('content-disposition');
    const plain = disposition.replace(UNREAD, (text, name: string | undefined, extended?: string) => {
      if (name !== undefined) return `${name}"file"`;
      if (extended !== undefined) return isExtendedValue(extended) ? text : '';
      return text.startsWith('"') ? text : '';
    });
    return plain === disposition ? undefined : `Content-Disposition: ${plain}`;
  }

  get(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }

  /** Returns the declared content of the file, its length included. @throws UploadError */
  declaredContent(): DeclaredContent {
    const { checksums, verify } = declaredContent([...this.#values.keys()], (name) => this.get(name));
    const [length] = this.get('content-length');
    return {
      checksums,
      verify: (content) => {
        if (length !== undefined) assertLength(length, content);
        verify(content);
      },
    };
  }
}

function assertLength(length: string, { size }: PutContent): void {
  if (/^\d+$/.test(length) && Number(length) === size) return;
  throw new UploadError(
    'LengthMismatch',
    `The form part has ${String(size)} bytes, and its Content-Length says ${JSON.stringify(length)}. ` +
      'Nothing of it was stored: send the file again.',
  );
}
