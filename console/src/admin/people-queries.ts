import { queryClient } from '../app/query-client.js';

/** Key of all queries about users and roles. */
export const PEOPLE = 'people';

export async function refreshPeople(): Promise<void> {
  await queryClient.invalidateQueries({ queryKey: [PEOPLE] });
}
