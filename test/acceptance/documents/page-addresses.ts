const BUCKETS = ['databend', 'stagedoor'] as const;
const MINIO_HOST = '127.0.0.1:9000';
const POSTGRES_HOST = '127.0.0.1:5432';
/** The URL of a database, whatever its user and password. */
const POSTGRES_URL = /\bpostgres:\/\/[^\s'"@/]+@127\.0\.0\.1:5432\/(\w+)/g;

/** What stands for the servers of a page in one run. */
export interface RunAddresses {
  readonly server: string;
  readonly minio: string | null;
  /** Of PostgreSQL, with a user who may log in. */
  readonly postgres: string | null;
  /** Tells what belongs to this run. */
  readonly run: string;
}

/** The databases of PostgreSQL that a page names. */
export function databasesOf(text: string): string[] {
  return [...new Set([...text.matchAll(POSTGRES_URL)].map(([, name]) => name ?? ''))];
}

/** Puts the addresses of a run in the place of those that a page shows, and back. */
export class PageAddresses {
  readonly #port: string;
  readonly #minioHost: string;
  readonly #postgres: string | null;
  readonly #run: string;

  constructor({ server, minio, postgres, run }: RunAddresses) {
    this.#port = new URL(server).port;
    this.#minioHost = minio === null ? MINIO_HOST : new URL(minio).host;
    this.#postgres = postgres;
    this.#run = run;
  }

  /** The buckets that stand for those of the page. */
  get buckets(): string[] {
    return BUCKETS.map((bucket) => this.#bucketOf(bucket));
  }

  /** The database that stands for one of the page. */
  databaseOf(name: string): string {
    return `page_${this.#run}_${name}`;
  }

  toRun(shown: string): string {
    return shown
      .replace(POSTGRES_URL, (url, name: string) => this.#databaseUrl(name) ?? url)
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
    return this.#withoutDatabases(withoutBuckets)
      .replaceAll(this.#minioHost, MINIO_HOST)
      .replaceAll('localhost:9000', MINIO_HOST)
      .replace(new RegExp(`\\b(localhost|127\\.0\\.0\\.1):${this.#port}\\b`, 'g'), '$1:8000');
  }

  #databaseUrl(name: string): string | undefined {
    if (this.#postgres === null) return undefined;
    const url = new URL(this.#postgres);
    url.pathname = `/${this.databaseOf(name)}`;
    return url.href;
  }

  #withoutDatabases(text: string): string {
    const host = this.#postgres === null ? POSTGRES_HOST : new URL(this.#postgres).host;
    return text.replaceAll(this.databaseOf(''), '').replaceAll(host, POSTGRES_HOST);
  }

  #bucketOf(bucket: string): string {
    return `${bucket}-${this.#run}`;
  }
}
