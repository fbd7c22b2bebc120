/** A server with stages, and canaries all around them. */
export interface NameWorld {
  close(): Promise<void>;
}

export function openFsWorld(): Promise<NameWorld>;
