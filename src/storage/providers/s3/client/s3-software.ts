import type { S3Client } from '@aws-sdk/client-s3';

/** Which software a store runs, as its answers tell. */
export class S3Software {
  #server: string | undefined;

  /** Undefined as long as it has answered nothing. */
  get isMinio(): boolean | undefined {
    return this.#server?.toLowerCase().startsWith('minio');
  }

  /** @param server the header of that name. */
  told(server: unknown): void {
    this.#server ??= typeof server === 'string' ? server : '';
  }

  /** Learns from every answer that the client gets. */
  listenTo(client: S3Client): void {
    client.middlewareStack.add(
      (next) => async (args) => {
        const result = await next(args);
        const { response } = result;
        if (this.#server === undefined && hasHeaders(response)) this.told(response.headers['server']);
        return result;
      },
      { step: 'deserialize', priority: 'low', name: 'learnSoftware' },
    );
  }
}

function hasHeaders(response: unknown): response is { readonly headers: Readonly<Record<string, unknown>> } {
  const hasField = typeof response === 'object' && response !== null && 'headers' in response;
  return hasField && typeof response.headers === 'object' && response.headers !== null;
}
