// What the sections of the page share: the choices, who is told of them, and how failures are shown.

import { preferred } from '../core/featured.ts';
import type { ShownPicture } from '../core/shown-picture.ts';
import { type Able, isAble } from '../models/able.ts';
import type { Capability } from '../models/capabilities.ts';
import type { ModelCard } from '../models/card.ts';
import type { Dreamer } from './dreamer.ts';
import type { Look } from './paint.ts';

/** What the address of the page says. */
export type Kept = ShownPicture &
  Look & {
    /** The seed at the other end of the path, and the third corner of the map. */
    to: string;
    down: string;
    /** The picture that is moved, by its seed, and the strengths along the directions of its model, by name. */
    moved: string;
    /** The model that stands beside that of the page, by name; another where that is none of them. */
    beside: string;
    strengths: Record<string, number>;
  };

export type Choices = Kept & {
  cards: ModelCard[];
  /** Floating-point operations that one request may take. */
  maxOperations: number;
  dreamer: Dreamer;
};

export type Page = {
  choices: Choices;
  /** Changes some choices and tells every section which ones. */
  choose(change: Partial<Choices>): void;
  onChange(listener: (changed: ReadonlySet<keyof Choices>) => void): void;
  /** Runs `work`; a failure becomes a message with a way to try again. */
  attempt(work: () => Promise<void>): Promise<void>;
  /** `work`, to be called as often as one likes: it is attempted when the section is on the screen, or near it. */
  whenSeen(section: HTMLElement, work: () => Promise<void>): () => void;
};

export const byId = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;

/** How near to the screen a section begins to work. */
const NEAR = '300px';

export function createPage(choices: Choices): Page {
  const listeners: ((changed: ReadonlySet<keyof Choices>) => void)[] = [];
  const toast = byId('toast');
  const failed = new Set<() => Promise<void>>();
  return {
    choices,
    choose(change) {
      Object.assign(choices, change);
      const changed = new Set(Object.keys(change) as (keyof Choices)[]);
      for (const listener of listeners) listener(changed);
    },
    onChange(listener) {
      listeners.push(listener);
    },
    async attempt(work) {
      try {
        await work();
        failed.delete(work);
        if (failed.size === 0) toast.hidden = true;
      } catch (error) {
        failed.add(work);
        showFailure(toast, error, () => {
          for (const again of failed) void this.attempt(again);
        });
      }
    },
    whenSeen(section, work) {
      let seen = false;
      let due = false;
      const run = () => {
        due = true;
        if (!seen) return;
        due = false;
        void this.attempt(work);
      };
      new IntersectionObserver(
        ([entry]) => {
          seen = entry!.isIntersecting;
          if (seen && due) run();
        },
        { rootMargin: NEAR },
      ).observe(section);
      return run;
    },
  };
}

/**
 * Who does what a section is about: the model of the page if it can, else one that can, of the same data set where there
 * is one.
 */
export function ableCard<C extends Capability>(
  { card, cards }: Pick<Choices, 'card' | 'cards'>,
  capability: C,
): Able<C> | undefined {
  const chosen: ModelCard = card;
  if (isAble(chosen, capability)) return chosen;
  const others = preferred(
    cards.filter((one) => isAble(one, capability)),
    capability,
  );
  return others.find(({ dataset }) => dataset.id === card.dataset.id) ?? others[0];
}

/** Says what went wrong, in words, with a button that tries again. */
export function showFailure(toast: HTMLElement, error: unknown, retry: () => void): void {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = 'Try again';
  button.onclick = () => {
    toast.hidden = true;
    retry();
  };
  toast.replaceChildren(`That did not work: ${error instanceof Error ? error.message : error}.`, button);
  toast.hidden = false;
}

/** Only the newest call matters: while one runs, later ones wait, and only the last of them runs. */
export function latest<A extends unknown[]>(
  work: (...args: A) => Promise<void>,
): (...args: A) => Promise<void> {
  let running: Promise<void> | undefined;
  let waiting: A | undefined;
  return async (...args) => {
    waiting = args;
    if (running) return running;
    running = (async () => {
      while (waiting) {
        const next = waiting;
        waiting = undefined;
        await work(...next);
      }
    })();
    try {
      await running;
    } finally {
      running = undefined;
    }
  };
}
