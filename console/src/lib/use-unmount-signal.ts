import { useEffect, useState } from 'react';

/** Ends work that only what is shown waits for, when it is shown no more. */
export function useUnmountSignal(): AbortSignal {
  const [controller] = useState(() => new AbortController());
  useEffect(
    () => () => {
      controller.abort();
    },
    [controller],
  );
  return controller.signal;
}
