import type { Environment } from './settings-source.js';
import { VERSION } from './version.js';

/** Traces, as the standard variables of OpenTelemetry set them. The exporter itself reads those of its endpoint and of the sampler. */
export interface TracingConfig {
  readonly serviceName: string;
  readonly serviceVersion: string;
  /** Spans that may wait for the collector. */
  readonly maxQueuedSpans: number;
  /** Why spans cannot be sent. The exporter itself would send them elsewhere, without a word. */
  readonly endpointProblem: string | undefined;
  /** Other problems of the variables, for the log. */
  readonly problems: readonly string[];
}

const MAX_QUEUED_SPANS = 2048;
const PROTOCOL = 'http/json';

/** @returns null if no collector is set, or if traces are switched off. */
export function tracingConfig(environment: Environment = process.env): TracingConfig | null {
  if (!hasCollector(environment)) return null;
  const queued = Number(environment['OTEL_BSP_MAX_QUEUE_SIZE']);
  return {
    serviceName: given(environment, 'OTEL_SERVICE_NAME') ?? 'stagedoor',
    serviceVersion: VERSION,
    maxQueuedSpans: Number.isInteger(queued) && queued > 0 ? queued : MAX_QUEUED_SPANS,
    endpointProblem: endpointProblem(environment),
    problems: protocolProblems(environment),
  };
}

/** The first one that is given counts. */
const ENDPOINTS = ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT'] as const;

function hasCollector(environment: Environment): boolean {
  if (environment['OTEL_SDK_DISABLED']?.toLowerCase() === 'true') return false;
  if (environment['OTEL_TRACES_EXPORTER'] === 'none') return false;
  return ENDPOINTS.some((name) => given(environment, name) !== undefined);
}

function endpointProblem(environment: Environment): string | undefined {
  const name = ENDPOINTS.find((each) => given(environment, each) !== undefined);
  const endpoint = name === undefined ? '' : (given(environment, name) ?? '');
  if (/^https?:\/\//i.test(endpoint) && URL.canParse(endpoint)) return undefined;
  return `${String(name)} is no URL of http or https: write it as http://127.0.0.1:4318.`;
}

/** @returns undefined for an empty value, which counts as absent. */
function given(environment: Environment, name: string): string | undefined {
  const value = environment[name];
  return value === '' ? undefined : value;
}

function protocolProblems(environment: Environment): readonly string[] {
  const names = ['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', 'OTEL_EXPORTER_OTLP_PROTOCOL'];
  return names.flatMap((name) => {
    const protocol = environment[name];
    if (!protocol || protocol === PROTOCOL) return [];
    return [
      `${name} is ${protocol}: traces are sent by ${PROTOCOL}, which collectors take on the port of HTTP.`,
    ];
  });
}
