import {
  applies,
  conformanceCases,
  runCase,
  type ConformanceCase,
  type ConformanceContext,
} from './conformance-suite.js';

export interface OpenedConformanceContext extends ConformanceContext {
  /** Closes the provider and clears its root away. */
  dispose(): Promise<void>;
}

const TEST_TIMEOUT_MS = 60_000;

/**
 * Registers every case with Jest, each with a context of its own from `open`, but those that the provider's capabilities
 * leave out.
 *
 * @param leftOut their names: that it is those and no others is a test too.
 * @param isAsked leaves cases out that apply: a long form asks them.
 */
export function runConformance(
  name: string,
  open: () => Promise<OpenedConformanceContext>,
  leftOut: readonly string[] = [],
  isAsked: (one: ConformanceCase) => boolean = () => true,
): void {
  const within = async (use: (context: OpenedConformanceContext) => Promise<void> | void): Promise<void> => {
    const context = await open();
    try {
      await use(context);
    } finally {
      await context.dispose();
    }
  };

  describe(`${name} keeps the storage contract`, () => {
    it('and leaves out what it says, by name', () =>
      within((context) => {
        const names = conformanceCases.filter((one) => !applies(one, context)).map((one) => one.name);
        expect(names.toSorted()).toEqual([...leftOut].sort());
      }));

    const applying = conformanceCases.filter((one) => !leftOut.includes(one.name) && isAsked(one));
    it.each(applying.map((one) => [one.name, one] as const))(
      '%s',
      (_name, one) => within((context) => runCase(one, context)),
      TEST_TIMEOUT_MS,
    );
  });
}
