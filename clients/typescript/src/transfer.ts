/** Called with the number of bytes sent so far, and of all. */
export type ProgressListener = (sentBytes: number, totalBytes: number) => void;

/** A request as it is sent. */
export interface Transfer {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Blob | string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ProgressListener | undefined;
}

/** The part of the browser's XMLHttpRequest that is used. Only it tells how much of a body was sent. */
interface Xhr {
  readonly upload: { onprogress: ((event: { readonly loaded: number }) => void) | null };
  readonly status: number;
  readonly responseText: string;
  onload: (() => void) | null;
  onerror: (() => void) | null;
  onabort: (() => void) | null;
  open(method: string, url: string): void;
  setRequestHeader(name: string, value: string): void;
  getAllResponseHeaders(): string;
  send(body: Blob): void;
  abort(): void;
}
declare const XMLHttpRequest: (new () => Xhr) | undefined;

/** Answers without a body, which `Response` refuses one for. */
const WITHOUT_BODY = new Set([204, 205, 304]);

/** Sends a request, and tells of its progress. @throws TypeError where there is no answer. */
export async function send(transfer: Transfer): Promise<Response> {
  const { body, onProgress } = transfer;
  if (onProgress === undefined || body === undefined || typeof body === 'string') {
    return fetch(transfer.url, initOf(transfer, body));
  }
  const listening = { ...transfer, body, onProgress };
  return typeof XMLHttpRequest === 'undefined' ? sendStream(listening) : sendXhr(XMLHttpRequest, listening);
}

type ListeningTransfer = Transfer & { readonly body: Blob; readonly onProgress: ProgressListener };

function initOf({ method, headers, signal }: Transfer, body: Blob | string | undefined): RequestInit {
  return {
    method,
    headers,
    redirect: 'error', // a redirection would keep the whole body in memory
    ...(body === undefined ? {} : { body }),
    ...(signal === undefined ? {} : { signal }),
  };
}

/** In Node: counts the bytes as the connection takes them. */
async function sendStream(transfer: ListeningTransfer): Promise<Response> {
  const { body, headers, onProgress } = transfer;
  let sent = 0;
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      sent += chunk.length;
      onProgress(sent, body.size);
      controller.enqueue(chunk);
    },
  });
  const init = {
    ...initOf({ ...transfer, headers: { ...headers, 'content-length': String(body.size) } }, undefined),
    body: body.stream().pipeThrough(counter),
    duplex: 'half' as const, // required for a stream; missing in some types
  };
  return fetch(transfer.url, init);
}

async function sendXhr(Request: new () => Xhr, transfer: ListeningTransfer): Promise<Response> {
  const { method, url, headers, body, signal, onProgress } = transfer;
  signal?.throwIfAborted();
  const xhr = new Request();
  const abort = (): void => {
    xhr.abort();
  };
  xhr.open(method, url);
  for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
  xhr.upload.onprogress = ({ loaded }) => {
    onProgress(loaded, body.size);
  };
  signal?.addEventListener('abort', abort);
  try {
    return await new Promise((resolve, reject) => {
      xhr.onload = () => {
        resolve(responseOf(xhr));
      };
      xhr.onerror = () => {
        reject(new TypeError(`There is no answer from ${url}`));
      };
      xhr.onabort = () => {
        reject(signal?.reason as Error); // only the signal aborts it
      };
      xhr.send(body);
    });
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

function responseOf(xhr: Xhr): Response {
  const headers = new Headers();
  for (const line of xhr.getAllResponseHeaders().trim().split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.append(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  const { status } = xhr;
  return new Response(WITHOUT_BODY.has(status) ? null : xhr.responseText, { status, headers });
}
