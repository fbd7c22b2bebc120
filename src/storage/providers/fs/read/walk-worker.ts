import { serveRequests } from '../../../../runtime/serve-requests.js';
import { FileWalk } from './file-walk.js';
import type { WalkedFiles, WalkRequest } from './walk-request.js';

/** Walks of a walk thread, which finds the next files of a listing while the server sends the previous ones. */
const walks = new Map<number, FileWalk>();

serveRequests(handle);

function handle(request: WalkRequest): Promise<WalkedFiles> | undefined {
  switch (request.kind) {
    case 'open':
      walks.set(request.walk, new FileWalk(request.scope));
      return undefined;
    case 'next':
      return walks.get(request.walk)?.next(request.count);
    case 'close':
      walks.delete(request.walk);
      return undefined;
  }
}
