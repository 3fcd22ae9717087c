export type Progress = (what: string, share: number) => void;

/** Fetches a file and tells how much of it has come. `bytes`: its size, where servers compress it on the way. */
export async function fetchWithProgress(
  url: string,
  bytes: number | undefined,
  onShare: (share: number) => void,
): Promise<ArrayBuffer> {
  const response = await fetch(url);
  if (!response.ok || !response.body) throw new Error(`${url} answered ${response.status}`);
  const total = bytes ?? Number(response.headers.get('Content-Length') ?? 0);
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let received = 0;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    received += value.length;
    if (total > 0) onShare(Math.min(1, received / total));
  }
  return new Blob(parts).arrayBuffer();
}
