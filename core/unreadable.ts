/** Thrown by what reads a format, for bytes that are not of it, or damaged; the message is for who sent them. */
export class Unreadable extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.name = 'Unreadable';
  }
}
