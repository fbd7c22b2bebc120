import { inTurn } from '../support/in-turn.mjs';

const AT_ONCE = 6;

/**
 * So many wrong passwords for `root`, sent to servers in turn, each from an address of its own: how many of them were compared
 * with the password.
 *
 * @param {readonly string[]} urls
 * @param {number} count
 * @param {number} from the number of the first one
 */
export async function guess(urls, count, from) {
  const result = { compared: 0, refused: 0, failures: /** @type {number[]} */ ([]) };
  let next = from;
  const one = async () => {
    while (next < from + count) {
      const number = next++;
      const authorization = `Basic ${Buffer.from(`root:wrong ${number}`).toString('base64')}`;
      const headers = { authorization, 'x-forwarded-for': `10.1.${number >> 8}.${number & 255}` };
      const answer = await fetch(`${inTurn(urls, number)}/v1/stages`, { headers });
      await answer.arrayBuffer();
      if (answer.status === 401) result.compared += 1;
      else if (answer.status === 429) result.refused += 1;
      else result.failures.push(answer.status);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  return result;
}
