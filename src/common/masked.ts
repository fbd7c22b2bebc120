/** Databend's rule for what is secret: no more than the two characters at either end are shown. What is not there is shown as empty. */
export function masked(secret: string): string {
  const characters = Array.from(secret);
  if (characters.length === 0) return '';
  if (characters.length <= 4) return '***';
  return `${characters.slice(0, 2).join('')}***${characters.slice(-2).join('')}`;
}
