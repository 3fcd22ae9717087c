// The address of a request, from the path of its route as the OpenAPI document writes it.

/** `values` stand where `{name}` of the path names them; the others that are not empty are its query. */
export function requestAddress(path: string, values: Readonly<Record<string, string>>): string {
  // A model and its version stay readable.
  const readable = (text: string) => text.replaceAll('%40', '@');
  const inPath = new Set([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!));
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    readable(encodeURIComponent(values[name] ?? '')),
  );
  const query = new URLSearchParams(
    Object.entries(values).filter(([name, value]) => value !== '' && !inPath.has(name)),
  );
  return query.size > 0 ? `${filled}?${readable(query.toString())}` : filled;
}
