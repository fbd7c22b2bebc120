import { FileWalk } from './file-walk.js';
import type { WalkedFiles, WalkRequest } from './walk-request.js';

/** Answers requests about walks, and keeps those that are open. */
export function walkRequests(): (request: WalkRequest) => Promise<WalkedFiles | undefined> {
  const walks = new Map<number, FileWalk>();
  return async (request) => {
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
  };
}
