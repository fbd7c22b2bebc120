export const BOUNDARY = 'stagedoor-test-boundary';
export const FORM_TYPE = `multipart/form-data; boundary=${BOUNDARY}`;

type Bytes = Buffer | string;

/** A form part with exactly these header lines. */
export function part(headers: readonly Bytes[], content: Bytes): Buffer {
  return Buffer.concat([
    Buffer.from(`--${BOUNDARY}\r\n`),
    ...headers.flatMap((line) => [Buffer.from(line), Buffer.from('\r\n')]),
    Buffer.from('\r\n'),
    Buffer.from(content),
    Buffer.from('\r\n'),
  ]);
}

/** @param name as it shall stand between the quotes, escapes and all. */
export function filePart(name: Bytes, content: Bytes = 'content', field = 'upload'): Buffer {
  const disposition = Buffer.concat([
    Buffer.from(`Content-Disposition: form-data; name="${field}"; filename="`),
    Buffer.from(name),
    Buffer.from('"'),
  ]);
  return part([disposition, 'Content-Type: application/octet-stream'], content);
}

export function textPart(field: string, content: Bytes): Buffer {
  return part([`Content-Disposition: form-data; name="${field}"`], content);
}

/** Parts in a row, and the closing boundary. */
export function form(...parts: readonly Buffer[]): Buffer {
  return Buffer.concat([...parts, Buffer.from(`--${BOUNDARY}--\r\n`)]);
}
