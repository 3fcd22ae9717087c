/** Thrown by an engine that has no room for more at the moment: the same request may succeed a little later. */
export class Busy extends Error {
  constructor(engine: string) {
    super(`${engine} is busy; try again in a moment`);
    this.name = 'Busy';
  }
}
