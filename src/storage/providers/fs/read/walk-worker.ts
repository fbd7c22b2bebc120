import { serveRequests } from '../../../../runtime/serve-requests.js';
import { walkRequests } from './walk-requests.js';

/** A walk thread: it finds the next files of a listing while the server makes an answer of those before them. */
serveRequests(walkRequests());
