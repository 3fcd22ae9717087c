// What golden bytes are the answers to: a picture of a seed, or completions of the upper half of one.
type App = { request(path: string, init?: RequestInit): Response | Promise<Response> };

/** `drawn` is the address of the picture that is posted, where one is. */
export type GoldenRequest = { path: string; drawn?: string };

export const generated = (model: string, seed: string): GoldenRequest => ({
  path: `/generate/${model}.png?seed=${encodeURIComponent(seed)}`,
});

export const completions = (model: string, seed: string): GoldenRequest => ({
  path: `/complete?model=${model}&seed=${encodeURIComponent(seed)}&n=4&format=png`,
  drawn: generated('mnist-vae@1', 'anna').path,
});

/** First 16 hexadecimal digits of the SHA-256 of the answer. @throws Error with its text when it is an error. */
export async function goldenHash(app: App, { path, drawn }: GoldenRequest): Promise<string> {
  const posted = drawn && (await (await app.request(drawn)).arrayBuffer());
  const init = posted && { method: 'POST', body: posted, headers: { 'Content-Type': 'image/png' } };
  const response = await (init ? app.request(path, init) : app.request(path));
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await response.arrayBuffer()));
  return Array.from(digest.slice(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
