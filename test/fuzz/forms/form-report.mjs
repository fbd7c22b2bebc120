/** @import { Counts, FormSummary, FormViolation } from './form-fuzzer.mjs' */

const SHOWN_BYTES = 1024;

/**
 * Figures and classes of a run, line by line.
 * @param {FormSummary} summary
 * @param {number} seconds
 */
export function reportOf(summary, seconds) {
  const { forms, kinds, verdicts, violations } = summary;
  /** @param {string} kind */
  const of = (kind) => kinds[kind] ?? 0;
  const lines = [
    `${forms} forms in ${seconds.toFixed(0)} s (${Math.round(forms / seconds)}/s); by the oracle ` +
      `${verdicts['whole'] ?? 0} whole, ${verdicts['doubtful'] ?? 0} doubtful, ${verdicts['broken'] ?? 0} broken`,
    `accepted ${of('accepted')}, refused ${of('refused')}, closed ${of('closed')}, busy ${of('busy')}, ` +
      `5xx ${of('server error')}, crashes ${violations.filter(({ kind }) => kind === 'crash').length}, ` +
      `hangs ${of('hang')}, false SUCCESS ${of('false SUCCESS')}, violations ${violations.length}`,
    ...classes('whole and refused', summary.tooStrict),
    ...classes('doubtful and accepted', summary.doubtfulAccepted),
    ...classes('broken', summary.broken),
  ];
  return lines.join('\n');
}

/**
 * @param {string} title
 * @param {Counts} counts
 */
function classes(title, counts) {
  const sorted = Object.entries(counts).sort(([, one], [, other]) => other - one);
  return [`${title}:`, ...sorted.map(([name, count]) => `  ${String(count).padStart(7)}  ${name}`)];
}

/**
 * Everything to repeat a violation by.
 * @param {FormViolation} violation
 */
export function describeViolation({ kind, label, bytes, problem, verdict, answer }) {
  const told = typeof answer === 'object' ? `${answer.status} ${answer.body}` : String(answer);
  const verdictLine =
    verdict === undefined ? '' : `oracle: ${verdict.verdict} (${verdict.reason}), ${verdict.framing}\n`;
  return `${kind}: ${problem}\ncase: ${label}\n${verdictLine}answer: ${told.slice(0, 500)}\n${hexdump(bytes)}`;
}

/** @param {Buffer} bytes */
function hexdump(bytes) {
  const lines = [];
  for (let at = 0; at < Math.min(bytes.length, SHOWN_BYTES); at += 16) {
    const row = bytes.subarray(at, at + 16);
    const hex = [...row].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const text = row.toString('latin1').replace(/[^\x20-\x7e]/g, '.');
    lines.push(`${at.toString(16).padStart(6, '0')}  ${hex.padEnd(48)} ${text}`);
  }
  if (bytes.length > SHOWN_BYTES) lines.push(`… ${bytes.length} bytes in all`);
  return lines.join('\n');
}
