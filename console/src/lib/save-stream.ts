/** Where a download goes. */
export interface SaveTarget {
  /** Stores a content, piece by piece where the browser can. @throws what the stream throws; nothing is left then. */
  readonly save: (content: ReadableStream<Uint8Array<ArrayBuffer>>, signal: AbortSignal) => Promise<void>;
}

/** The part of Chromium's file picker that is used. Other browsers have none, and pages without https. */
interface WithPicker {
  readonly showSaveFilePicker?: (options: {
    readonly suggestedName: string;
  }) => Promise<FileSystemFileHandle>;
}

/** Milliseconds in which a browser begins to store a blob. */
const BEGINS_WITHIN_MS = 60_000;

/** Asks where to store a file. Must be called while a click is handled. @returns undefined where the reader thinks better of it. */
export async function chooseTarget(name: string): Promise<SaveTarget | undefined> {
  const { showSaveFilePicker: pick } = window as WithPicker;
  if (pick === undefined) return blobTarget(name);
  try {
    return diskTarget(await pick({ suggestedName: name }));
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return undefined;
    throw error;
  }
}

/** Counts the bytes of a content that goes on. */
export function counted(
  content: ReadableStream<Uint8Array<ArrayBuffer>>,
  onBytes: (bytes: number) => void,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let bytes = 0;
  const counter = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(chunk, controller) {
      bytes += chunk.length;
      onBytes(bytes);
      controller.enqueue(chunk);
    },
  });
  return content.pipeThrough(counter);
}

function diskTarget(handle: FileSystemFileHandle): SaveTarget {
  return {
    save: async (content, signal) => content.pipeTo(await handle.createWritable(), { signal }),
  };
}

/** Browsers put large blobs on their disk, until they are stored. */
function blobTarget(name: string): SaveTarget {
  return {
    save: async (content) => {
      const url = URL.createObjectURL(await new Response(content).blob());
      const link = document.createElement('a');
      link.href = url;
      link.download = name;
      link.click();
      setTimeout(() => {
        URL.revokeObjectURL(url);
      }, BEGINS_WITHIN_MS);
    },
  };
}
