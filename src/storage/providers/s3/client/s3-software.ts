import type { S3Client } from '@aws-sdk/client-s3';

/** Detects a store's software and clock from its answers. */
export class S3Software {
  #server: string | undefined;
  #clock: { readonly date?: string; readonly at: number } = { at: 0 };

  /** Undefined before the first answer. */
  get isMinio(): boolean | undefined {
    return this.#server?.toLowerCase().startsWith('minio');
  }

  /** Milliseconds by which the store's clock was ahead of this server's at its last answer. */
  get clockAheadMs(): number | undefined {
    const { date, at } = this.#clock;
    const time = date === undefined ? Number.NaN : Date.parse(date);
    return Number.isNaN(time) ? undefined : time - at;
  }

  /** @param headers the headers of any answer. */
  learnFrom({ server, date }: Readonly<Record<string, unknown>>): void {
    this.#server ??= typeof server === 'string' ? server : '';
    if (typeof date === 'string') this.#clock = { date, at: Date.now() };
  }

  /** Learns from every answer of the client. */
  listenTo(client: S3Client): void {
    client.middlewareStack.add(
      (next) => async (args) => {
        try {
          const result = await next(args);
          this.#learnFrom(result.response);
          return result;
        } catch (error) {
          if (error instanceof Error && '$response' in error) this.#learnFrom(error.$response);
          throw error;
        }
      },
      { step: 'deserialize', priority: 'low', name: 'learnSoftware' },
    );
  }

  #learnFrom(response: unknown): void {
    if (hasHeaders(response)) this.learnFrom(response.headers);
  }
}

function hasHeaders(response: unknown): response is { readonly headers: Readonly<Record<string, unknown>> } {
  const hasField = typeof response === 'object' && response !== null && 'headers' in response;
  return hasField && typeof response.headers === 'object' && response.headers !== null;
}
