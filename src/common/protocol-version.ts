/**
 * Databend version whose protocol is implemented. Clients depend on it: later versions bind parameters on the server
 * and send Arrow, versions before 1.2.781 load by older methods.
 */
export const PROTOCOL_VERSION = '1.2.900';
