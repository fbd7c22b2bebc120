import { applies, conformanceCases, runCase, type ConformanceContext } from './conformance-suite.js';

export interface OpenedConformanceContext extends ConformanceContext {
  /** Closes the provider and clears its root away. */
  dispose(): Promise<void>;
}

const TEST_TIMEOUT_MS = 60_000;

/**
 * Registers every case with Jest, each with a context of its own from `open`. What a provider can do is known only when it
 * is open, so a case that does not apply to it passes without a word.
 */
export function runConformance(name: string, open: () => Promise<OpenedConformanceContext>): void {
  describe(`${name} keeps the storage contract`, () => {
    it.each(conformanceCases.map((one) => [one.name, one] as const))(
      '%s',
      async (_name, one) => {
        const context = await open();
        try {
          if (applies(one, context)) await runCase(one, context);
        } finally {
          await context.dispose();
        }
      },
      TEST_TIMEOUT_MS,
    );
  });
}
