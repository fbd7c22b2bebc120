/** Names the upload in every answer to it. */
export const UPLOAD_ID_HEADER = 'x-stagedoor-upload-id';
