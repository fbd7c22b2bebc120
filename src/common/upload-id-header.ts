/** Response header with the upload's id, in every answer to an upload. */
export const UPLOAD_ID_HEADER = 'x-stagedoor-upload-id';
