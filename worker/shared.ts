// Work that many requests share. In workerd a request that is cut off may take its promises with it: they never
// settle. So nobody waits for another's work longer than `patience`, and what is to be kept is kept as a value.
const PATIENCE_MILLISECONDS = 5000;

/** What `promise` becomes, or undefined when `milliseconds` pass before. */
export async function within<T>(
  promise: Promise<T>,
  milliseconds: number,
): Promise<{ value: T } | undefined> {
  let timer: unknown;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), milliseconds);
  });
  try {
    return await Promise.race([promise.then((value) => ({ value })), late]);
  } finally {
    clearTimeout(timer as number);
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

/**
 * Lets `most` pieces of work go on at once; what comes meanwhile asks again every few milliseconds, for `patience` at
 * most. Work that has not ended in twice that time counts no more: the request that did it is gone.
 * @returns nothing where there was no room.
 */
export function createRoom(
  most: number,
  patience = PATIENCE_MILLISECONDS,
): <T>(work: () => Promise<T>) => Promise<{ value: T } | undefined> {
  const POLL_MILLISECONDS = 10;
  const going = new Map<symbol, number>();
  return async function inRoom(work) {
    const began = Date.now();
    for (;;) {
      const now = Date.now();
      for (const [one, since] of going) if (now - since >= 2 * patience) going.delete(one);
      if (going.size < most) break;
      if (now - began >= patience) return undefined;
      await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS));
    }
    const own = Symbol();
    going.set(own, Date.now());
    try {
      return { value: await work() };
    } finally {
      going.delete(own);
    }
  };
}
