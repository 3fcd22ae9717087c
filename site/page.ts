// What the sections of the page share: the choices, who is told of them, and how failures are shown.
import type { Colormap } from '../core/image/colormaps.ts';
import type { Able } from '../models/able.ts';
import type { ModelCard } from '../models/card.ts';
import type { Dreamer } from './dreamer.ts';

export type Choices = {
  /** The model that dreams here. */
  card: Able<'generate'>;
  cards: ModelCard[];
  seed: string;
  /** Class of a model that takes a label; undefined: drawn from each seed. */
  label: number | undefined;
  temperature: number;
  colormap: Colormap;
  dreamer: Dreamer;
};

export type Page = {
  choices: Choices;
  /** Changes some choices and tells every section which ones. */
  choose(change: Partial<Choices>): void;
  onChange(listener: (changed: ReadonlySet<keyof Choices>) => void): void;
  /** Runs `work`; a failure becomes a message with a way to try again. */
  attempt(work: () => Promise<void>): Promise<void>;
};

export const byId = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;

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
  };
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
