/** Decorates a parameter of a handler that can hold an `Output`. Does not compile on other parameters. */
export type TypedParameter<Output> = <
  Controller extends object,
  Name extends string & keyof Controller,
  Index extends number,
>(
  controller: Controller,
  name: Name,
  index: Index & Holding<Controller[Name], Index, Output>,
) => void;

/** The index of a parameter that accepts an `Output`; otherwise never. */
type Holding<Handler, Index extends number, Output> = Handler extends (
  ...parameters: infer Parameters
) => unknown
  ? [Output] extends [Parameters[Index]]
    ? Index
    : never
  : never;
