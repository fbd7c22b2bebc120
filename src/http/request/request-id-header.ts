/** Header that identifies a request in its answer and in all its log lines. */
export const REQUEST_ID_HEADER = 'x-request-id';
