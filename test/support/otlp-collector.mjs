import { once } from 'node:events';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';

/**
 * @typedef {object} Span
 * @property {string} name
 * @property {string} traceId
 * @property {string} spanId
 * @property {string} [parentSpanId]
 * @property {string} startTimeUnixNano
 * @property {string} endTimeUnixNano
 * @property {readonly SpanAttribute[]} attributes
 */
/** @typedef {{ readonly key: string, readonly value: { readonly stringValue?: string, readonly intValue?: number } }} SpanAttribute */
/** @typedef {{ readonly resource: Pick<Span, 'attributes'>, readonly scopeSpans: readonly { readonly spans: readonly Span[] }[] }} ResourceSpans */
/** @typedef {{ readonly resourceSpans: readonly ResourceSpans[] }} Export What an exporter sends, as far as tests look. */
/** @typedef {Awaited<ReturnType<typeof startCollector>>} Collector */

/**
 * A collector of traces on the loopback interface: `{ url, exports, spans, close }`.
 * @param {{ answers?: boolean }} [options] whether it answers at all
 */
export async function startCollector({ answers = true } = {}) {
  /** @type {Export[]} */
  const exports = [];
  const receiver = createServer((request, response) => {
    if (!answers) return;
    void json(request).then((body) => {
      exports.push(/** @type {Export} */ (body)); // the server under test is the only one that sends
      response.setHeader('content-type', 'application/json').end('{}');
    });
  });
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  // A server that listens on TCP has an address with a port.
  const { port } = /** @type {import('node:net').AddressInfo} */ (receiver.address());
  return {
    url: `http://127.0.0.1:${port}`,
    exports,
    /** All spans that have come. */
    spans: () =>
      exports.flatMap(({ resourceSpans }) =>
        resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
      ),
    close: () => {
      receiver.closeAllConnections();
      receiver.close();
    },
  };
}

/**
 * What a span says under a name.
 * @param {Span} span
 * @param {string} name
 */
export function attributeOf({ attributes }, name) {
  return attributes.find(({ key }) => key === name)?.value.stringValue;
}
