/** Names a request in its answer and in every line that the log has of it. */
export const REQUEST_ID_HEADER = 'x-request-id';
