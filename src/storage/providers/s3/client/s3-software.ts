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
        if (this.#server !== undefined) return next(args);
        try {
          const result = await next(args);
          this.#hear(result.response);
          return result;
        } catch (error) {
          if (error instanceof Error && '$response' in error) this.#hear(error.$response);
          throw error;
        }
      },
      { step: 'deserialize', priority: 'low', name: 'learnSoftware' },
    );
  }

  #hear(response: unknown): void {
    if (hasHeaders(response)) this.told(response.headers['server']);
  }
}

function hasHeaders(response: unknown): response is { readonly headers: Readonly<Record<string, unknown>> } {
  const hasField = typeof response === 'object' && response !== null && 'headers' in response;
  return hasField && typeof response.headers === 'object' && response.headers !== null;
}
