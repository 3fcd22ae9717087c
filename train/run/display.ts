// What a run shows while it trains: one live line on a terminal, plain lines elsewhere.

const time = (seconds: number): string => {
  const s = Math.max(0, Math.round(seconds));
  return s < 90 ? `${s} s` : s < 5400 ? `${Math.round(s / 60)} min` : `${(s / 3600).toFixed(1)} h`;
};

/** Milliseconds between two redraws. */
const REDRAW = 100;
const BAR_WIDTH = 24;

export type Display = {
  step(at: { epoch: number; step: number; steps: number; loss: number }): void;
  /** A line that stays. */
  line(text: string): void;
};

export function createDisplay(epochs: number, out = process.stdout): Display {
  const began = performance.now();
  /** Where this session began: a resumed run has epochs behind it. */
  let firstEpoch: number | undefined;
  let drawn = 0;
  const clear = () => {
    if (out.isTTY && drawn > 0) out.write('\r\x1b[K');
  };
  return {
    step({ epoch, step, steps, loss }) {
      const now = performance.now();
      firstEpoch ??= epoch + (step - 1) / steps;
      if (!out.isTTY || now - drawn < REDRAW) return;
      drawn = now;
      const done = epoch + step / steps;
      const seconds = (now - began) / 1000;
      const left = (seconds / (done - firstEpoch)) * (epochs - done);
      const filled = Math.round((BAR_WIDTH * done) / epochs);
      const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
      const speed = ((done - firstEpoch) * steps) / seconds;
      out.write(
        `\r\x1b[K${bar} epoch ${epoch + 1}/${epochs}  loss ${loss.toFixed(2)}  ${speed.toFixed(0)} steps/s  ${time(left)} left`,
      );
    },
    line(text) {
      clear();
      out.write(`${text}\n`);
    },
  };
}
