import { queryClient } from '../app/query-client.js';
import { PEOPLE } from '../lib/people.js';

export async function refreshPeople(): Promise<void> {
  await queryClient.invalidateQueries({ queryKey: [PEOPLE] });
}
