import { Store } from '../lib/store.js';

/** Is the md5 of each file computed here, and compared with the server's? */
export const comparesMd5 = new Store(false);
