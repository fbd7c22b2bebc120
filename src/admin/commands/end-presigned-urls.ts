import { UrlSigningKey } from '../../presigned/url-signing-key.repository.js';
import { withServices } from '../admin-services.js';
import type { CommandCall } from '../command-call.js';

export async function endPresignedUrls({ config, report }: CommandCall): Promise<void> {
  await withServices(config, async (services) => {
    await services.get(UrlSigningKey).rotate();
    report('The key that signs presigned URLs is another one: all URLs made before have ended.');
  });
}
