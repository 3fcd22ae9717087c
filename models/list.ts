// The list of models, models/index.json: all cards as JSON, each in a line of its own that begins with its name, so that
// the worker reads no card but the one that it is asked for.

/** What every card begins with. */
type Named = { schema: number; id: string; version: number };

export const modelList = (cards: readonly Named[]): string =>
  `[\n${cards.map(({ schema, id, version, ...rest }) => JSON.stringify({ schema, id, version, ...rest })).join(',\n')}\n]\n`;
