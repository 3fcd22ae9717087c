// The engine that makes the pictures, and how long one takes: the mean over the last few answers.

/** Answers that the mean is over. */
const ANSWERS = 9;

export type Meter = {
  /** An answer of `pictures` pictures took so long. */
  count(milliseconds: number, pictures: number): void;
  /** What is said before the time from now on; the answers so far were of another engine. */
  setEngine(name: string): void;
  /** Says `words` alone, until there is something to say of the engine. */
  say(words: string): void;
};

const inWords = (milliseconds: number): string =>
  `${milliseconds < 10 ? milliseconds.toFixed(2) : Math.round(milliseconds)} ms a picture`;

export function createMeter(place: HTMLElement): Meter {
  let engine = 'edge, with the way';
  let answers: { milliseconds: number; pictures: number }[] = [];
  return {
    count(milliseconds, pictures) {
      answers = [...answers, { milliseconds, pictures }].slice(-ANSWERS);
      const sum = (of: 'milliseconds' | 'pictures') => answers.reduce((total, one) => total + one[of], 0);
      place.textContent = `${engine}: ${inWords(sum('milliseconds') / sum('pictures'))}`;
    },
    setEngine(name) {
      engine = name;
      answers = [];
      place.textContent = engine;
    },
    say(words) {
      place.textContent = words;
    },
  };
}
