import type { ServerResponse } from 'node:http';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Express, Request, RequestHandler } from 'express';
import type { Count, CounterFamily, HistogramFamily, Observations } from '../../metrics/families.js';
import { Metrics, SECONDS } from '../../metrics/metrics.js';
import { DownloadMetrics } from './download-metrics.js';

/** The label of requests without a route, whose paths clients choose. */
const NO_ROUTE = 'none';
const METHODS: readonly string[] = ['GET', 'HEAD', 'PUT', 'POST', 'PATCH', 'DELETE', 'OPTIONS'];
const OTHER_METHOD = 'other';
/** `none` is of requests whose client left before an answer. */
const STATUS_CLASSES = ['none', '2xx', '3xx', '4xx', '5xx'];

/** A route of Express: one object for all of its requests. */
interface Route {
  readonly path: string;
}

interface RouteMetrics {
  readonly seconds: Observations;
  /** In the order of `STATUS_CLASSES`. */
  readonly counts: readonly Count[];
}

/** Counts and times requests by their routes, which are patterns. A label of what a client writes would have no bound. */
@Injectable()
export class RequestMetrics implements OnApplicationBootstrap {
  readonly #counts: CounterFamily;
  readonly #seconds: HistogramFamily;
  readonly #downloads: DownloadMetrics;
  readonly #ofRoutes = new Map<string, WeakMap<Route, RouteMetrics>>();
  readonly #ofNoRoute: ReadonlyMap<string, RouteMetrics>;
  readonly #ofOtherMethods: RouteMetrics;
  #running = 0;

  constructor(
    metrics: Metrics,
    private readonly adapterHost: HttpAdapterHost,
  ) {
    const help = 'Requests that have ended, by the class of their status';
    const labels = { method: [], route: [], status: [] };
    this.#counts = metrics.counters('stagedoor_http_requests_total', help, labels);
    this.#seconds = metrics.histograms(
      'stagedoor_http_request_duration_seconds',
      'Time from the headers of a request to the end of its answer',
      { labels: { method: [], route: [] }, buckets: SECONDS },
    );
    this.#downloads = new DownloadMetrics(metrics);
    metrics.addGauge('stagedoor_http_requests_running', 'Requests that go on', () => this.#running);
    this.#ofNoRoute = new Map(METHODS.map((method) => [method, this.#create(method, NO_ROUTE)]));
    this.#ofOtherMethods = this.#create(OTHER_METHOD, NO_ROUTE);
  }

  /** Creates the metrics of all routes: they exist now. */
  onApplicationBootstrap(): void {
    const { router } = this.adapterHost.httpAdapter.getInstance<Express>();
    for (const { route } of router.stack) {
      if (route === undefined) continue;
      for (const { method } of route.stack) {
        this.#ofRoute(method.toUpperCase(), route);
        if (method === 'get') this.#ofRoute('HEAD', route); // Express answers it by the same route
      }
    }
  }

  readonly handler: RequestHandler = (request, response, next) => {
    const startedAt = performance.now();
    this.#running++;
    response.on('close', () => {
      this.#running--;
      const seconds = (performance.now() - startedAt) / 1000;
      const metrics = this.#of(request);
      metrics.seconds.observe(seconds);
      metrics.counts[statusClass(response)]?.inc();
      this.#downloads.count(response, seconds);
    });
    next();
  };

  #of({ method, route }: Request): RouteMetrics {
    if (route !== undefined) return this.#ofRoute(method, route as Route); // Express has no type for it
    return this.#ofNoRoute.get(method) ?? this.#ofOtherMethods;
  }

  #ofRoute(method: string, route: Route): RouteMetrics {
    let ofMethod = this.#ofRoutes.get(method);
    if (ofMethod === undefined) this.#ofRoutes.set(method, (ofMethod = new WeakMap()));
    let metrics = ofMethod.get(route);
    if (metrics === undefined) ofMethod.set(route, (metrics = this.#create(method, route.path)));
    return metrics;
  }

  #create(method: string, route: string): RouteMetrics {
    return {
      seconds: this.#seconds.child(method, route),
      counts: STATUS_CLASSES.map((status) => this.#counts.child(method, route, status)),
    };
  }
}

/** @returns the index in `STATUS_CLASSES`. */
function statusClass({ headersSent, statusCode }: ServerResponse): number {
  return headersSent ? Math.floor(statusCode / 100) - 1 : 0;
}
