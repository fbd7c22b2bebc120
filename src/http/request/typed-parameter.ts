/** Decorates a parameter of a handler that can hold an `Output`. On another one it does not compile. */
export type TypedParameter<Output> = <
  Controller extends object,
  Name extends string & keyof Controller,
  Index extends number,
>(
  controller: Controller,
  name: Name,
  index: Index & Holding<Controller[Name], Index, Output>,
) => void;

/** The index of a parameter, where the parameter takes an `Output`. */
type Holding<Handler, Index extends number, Output> = Handler extends (
  ...parameters: infer Parameters
) => unknown
  ? [Output] extends [Parameters[Index]]
    ? Index
    : never
  : never;
