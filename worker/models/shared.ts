// Work that many requests want and the first of them does. In workerd a request that is cut off may take its promises
// with it: they never settle. So a value is kept as itself, by the caller, and a promise only while it is young.
const PATIENCE_MILLISECONDS = 5000;

/** `then`'s value, or nothing when `milliseconds` pass before. */
async function within<T>(promise: Promise<T>, milliseconds: number): Promise<{ value: T } | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  try {
    return await Promise.race([promise.then((value) => ({ value })), late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * A function that does the work of a key once for all who ask meanwhile, and fails for all of them. Whoever has waited
 * `patience` milliseconds for another's work takes it for lost and does it himself.
 */
export function createShared<T>(
  patience = PATIENCE_MILLISECONDS,
): (key: string, work: () => Promise<T>) => Promise<T> {
  const flights = new Map<string, { promise: Promise<T>; until: number }>();
  return async function shared(key, work) {
    for (;;) {
      const flight = flights.get(key);
      const left = flight ? flight.until - Date.now() : 0;
      const done = flight && left > 0 ? await within(flight.promise, left) : undefined;
      if (done) return done.value;
      // Of many that have waited in vain, the first one begins anew and the others wait for that.
      if (flights.get(key) === flight) break;
    }
    const own = { promise: work(), until: Date.now() + patience };
    flights.set(key, own);
    try {
      return await own.promise;
    } finally {
      if (flights.get(key) === own) flights.delete(key);
    }
  };
}
