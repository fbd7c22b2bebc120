import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is known of files in S3 was kept under the endpoint as it was spelled: now one bucket has one name. */
export class NameStoresOnce1795800000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    const rows = (await queryRunner.query(
      "SELECT DISTINCT store FROM stored_files WHERE store LIKE 's3://% at http%'",
    )) as { store: string }[]; // its column
    for (const { store } of rows) {
      const name = nameOf(store);
      if (name === undefined) continue;
      await queryRunner.query('UPDATE OR REPLACE stored_files SET store = ? WHERE store = ?', [name, store]);
    }
  }

  /** An older version finds its files under the spelling of the endpoint, which is not kept: md5 and creator are null there. */
  async down(): Promise<void> {
    return Promise.resolve();
  }
}

/** As `s3StoreName` was when this migration was written. */
function nameOf(store: string): string | undefined {
  const [, bucket, endpoint] = /^s3:\/\/(.+) at (https?:\/\/.+)$/.exec(store) ?? [];
  if (bucket === undefined || endpoint === undefined || !URL.canParse(endpoint)) return undefined;
  const { hostname, port } = new URL(endpoint);
  const isAws = /^s3[.-]?[a-z0-9-]*\.amazonaws\.com$/.test(hostname);
  const isLoopback = /^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname);
  const host = isAws ? 'aws' : isLoopback ? 'localhost' : hostname;
  return `s3://${bucket} at ${host}${['', '80', '443'].includes(port) ? '' : `:${port}`}`;
}
