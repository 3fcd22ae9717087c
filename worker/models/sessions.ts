// Loaded graphs: each is loaded once for all who need it, and kept while there is room.
import type { Session } from '../engine/engine.ts';
import { createShared } from '../shared.ts';

type Slot = { session: Session; users: number };

/** Loads a graph that is not kept; `bytes`, about, is the room that it will need. */
export type Loading = { bytes: number; load(): Promise<Session> };

export type Sessions = {
  has(key: string): boolean;
  /** Calls `work` with the session of `key`, which stays loaded meanwhile. */
  use<T>(key: string, loading: Loading, work: (session: Session) => Promise<T>): Promise<T>;
};

/** `maxBytes`: memory that sessions which nobody uses may keep; the least recently used goes first. */
export function createSessions(maxBytes: number): Sessions {
  // A Map keeps insertion order: the first entry is the least recently used.
  const slots = new Map<string, Slot>();
  const shared = createShared<Slot>();

  const makeRoom = (bytes: number) => {
    let total = [...slots.values()].reduce((sum, { session }) => sum + session.bytes(), bytes);
    for (const [key, { session, users }] of slots) {
      if (total <= maxBytes) return;
      if (users > 0) continue;
      slots.delete(key);
      total -= session.bytes();
      void session.release();
    }
  };

  async function load(key: string, { bytes, load: start }: Loading): Promise<Slot> {
    makeRoom(bytes);
    const slot = { session: await start(), users: 0 };
    slots.set(key, slot);
    return slot;
  }

  async function take(key: string, loading: Loading): Promise<Slot> {
    for (;;) {
      const slot = slots.get(key) ?? (await shared(key, async () => slots.get(key) ?? load(key, loading)));
      // While it was waited for, it may have made room for another already.
      if (slots.get(key) !== slot) continue;
      slots.delete(key);
      slots.set(key, slot);
      slot.users += 1;
      return slot;
    }
  }

  return {
    has: (key) => slots.has(key),

    async use(key, loading, work) {
      const slot = await take(key, loading);
      try {
        return await work(slot.session);
      } finally {
        slot.users -= 1;
        makeRoom(0);
      }
    },
  };
}
