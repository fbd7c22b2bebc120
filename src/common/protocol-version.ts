/**
 * The version of Databend whose protocol is spoken. Clients switch on it: later ones than this bind parameters on the
 * server and send Arrow, earlier ones than 1.2.781 load by older ways.
 */
export const PROTOCOL_VERSION = '1.2.900';
