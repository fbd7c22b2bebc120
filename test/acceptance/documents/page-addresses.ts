const BUCKETS = ['databend', 'stagedoor'] as const;
const MINIO_HOST = '127.0.0.1:9000';

/** Puts the addresses of a run in the place of those that a page shows, and back. */
export class PageAddresses {
  readonly #port: string;
  readonly #minioHost: string;
  readonly #run: string;

  constructor(serverUrl: string, minioEndpoint: string | null, run: string) {
    this.#port = new URL(serverUrl).port;
    this.#minioHost = minioEndpoint === null ? MINIO_HOST : new URL(minioEndpoint).host;
    this.#run = run;
  }

  /** The buckets that stand for those of the page. */
  get buckets(): string[] {
    return BUCKETS.map((bucket) => this.#bucketOf(bucket));
  }

  toRun(shown: string): string {
    return shown
      .replace(/(s3:\/\/|:9000\/)(databend|stagedoor)\b(?!-)/g, (_, before: string, bucket: string) => {
        return `${before}${this.#bucketOf(bucket)}`;
      })
      .replace(/\b(localhost|127\.0\.0\.1):8000\b/g, `$1:${this.#port}`)
      .replace(/\b(localhost|127\.0\.0\.1):9000\b/g, this.#minioHost);
  }

  /** Both what was printed and what a page shows, to compare them. */
  toShow(printed: string): string {
    const withoutBuckets = BUCKETS.reduce(
      (text, bucket) => text.replaceAll(this.#bucketOf(bucket), bucket),
      printed,
    );
    return withoutBuckets
      .replaceAll(this.#minioHost, MINIO_HOST)
      .replaceAll('localhost:9000', MINIO_HOST)
      .replace(new RegExp(`\\b(localhost|127\\.0\\.0\\.1):${this.#port}\\b`, 'g'), '$1:8000');
  }

  #bucketOf(bucket: string): string {
    return `${bucket}-${this.#run}`;
  }
}
