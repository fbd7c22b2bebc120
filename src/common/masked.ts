/**
 * Masks a secret by Databend's rule: at most two characters at each end are shown. An empty secret is shown as empty.
 */
export function masked(secret: string): string {
  const characters = Array.from(secret);
  if (characters.length === 0) return '';
  if (characters.length <= 4) return '***';
  return `${characters.slice(0, 2).join('')}***${characters.slice(-2).join('')}`;
}
