// Whatever comes in, the answer is never 500.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodePng } from '../../core/image/png.ts';
import { createFixtureApp } from './fixture.ts';
import { FUZZ_TIMEOUT, runs } from './fuzz-runs.ts';

const app = createFixtureApp();

const text = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.constantFrom(
    'tiny',
    'tiny@1',
    'shapes',
    'uniform',
    'bits',
    'codes',
    'halves',
    'classes',
    'square',
    'upper',
    'left',
    'size',
    '0',
    '1',
    '64',
    '-1',
    '0.05',
    '1e9',
    'NaN',
    'true',
    'png',
    'gray',
    'slerp',
  ),
);
const query = fc.dictionary(
  fc.oneof(
    fc.constantFrom(
      'seed',
      'model',
      'n',
      'label',
      'direction',
      'strength',
      'quality',
      'columns',
      'temperature',
      'scale',
      'colormap',
      'format',
      'from',
      'to',
      'steps',
      'path',
      'loop',
      'fps',
      'size',
      'origin',
      'right',
      'down',
      'url',
      'rate',
      'mask',
      'engine',
    ),
    fc.string({ maxLength: 6 }),
  ),
  text,
  { maxKeys: 5 },
);
const route = fc.oneof(
  fc.constantFrom('/generate', '/interpolate', '/models', '/embed', '/oembed', '/healthz'),
  fc
    .tuple(
      fc.constantFrom('/generate/', '/interpolate/', '/manifold/', '/models/', '/models/tiny/'),
      fc.oneof(
        fc.constantFrom(
          'tiny.png',
          'tiny@2.json',
          'tiny.apng',
          'shapes.png',
          'codes@1.json',
          'uniform.png',
          'halves.png',
        ),
        fc.string({ maxLength: 10 }),
      ),
    )
    .map(([a, b]) => a + encodeURIComponent(b)),
);

/** What a header may hold: printable ASCII. */
const header = fc.stringMatching(/^[ -~]{0,20}$/);

test(
  'no query whatever is answered with 500',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        route,
        query,
        fc.oneof(fc.constantFrom('', 'image/*', 'application/json', '*/*'), header),
        header,
        async (path, parameters, accept, known) => {
          const response = await app.request(`${path}?${new URLSearchParams(parameters)}`, {
            headers: { Accept: accept, 'If-None-Match': known },
          });
          await response.arrayBuffer();
          expect(response.status).toBeLessThan(500);
        },
      ),
      runs(250),
    );
  },
  FUZZ_TIMEOUT,
);

const PNG = encodePng({ width: 5, height: 5, channels: 1, pixels: new Uint8Array(25).fill(9) });

test(
  'no body whatever is answered with 500',
  async () => {
    const body = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      // A good picture with one byte changed, or cut short.
      fc
        .record({ at: fc.nat(PNG.length - 1), byte: fc.nat(255), length: fc.nat(PNG.length) })
        .map(({ at, byte, length }) => PNG.with(at, byte).subarray(0, Math.max(at + 1, length))),
      // The head of a code, and anything.
      fc
        .tuple(fc.constantFrom([0x11, 0, 1], [0x16, 0x0a, 2]), fc.uint8Array({ maxLength: 40 }))
        .map(([head, rest]) => Uint8Array.from([...head, ...rest])),
      fc.json().map((json) => new TextEncoder().encode(json)),
      fc
        .record(
          {
            latents: fc.array(fc.array(fc.double(), { maxLength: 4 }), { maxLength: 3 }),
            labels: fc.array(fc.array(fc.double(), { maxLength: 4 }), { maxLength: 3 }),
            codes: fc.array(fc.array(fc.integer({ min: -1, max: 3 }), { maxLength: 5 }), { maxLength: 3 }),
          },
          { requiredKeys: [] },
        )
        .map((value) => new TextEncoder().encode(JSON.stringify(value))),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(
          '/decode',
          '/encode',
          '/reconstruct',
          '/complete',
          '/classify',
          '/edit',
          '/anomaly',
          '/compress',
          '/decompress',
        ),
        fc.oneof(
          fc.constant({}),
          fc.constantFrom<Record<string, string>>(
            { model: 'shapes', direction: 'size' },
            { model: 'shapes', quality: '1' },
            { model: 'codes' },
            { model: 'halves' },
            { model: 'classes' },
          ),
          query,
        ),
        body,
        fc.oneof(fc.constantFrom('application/json', 'image/png', 'application/octet-stream', ''), header),
        async (path, parameters, bytes, type) => {
          const response = await app.request(`${path}?${new URLSearchParams(parameters)}`, {
            method: 'POST',
            body: bytes as BodyInit,
            headers: { 'Content-Type': type },
          });
          await response.arrayBuffer();
          expect(response.status).toBeLessThan(500);
        },
      ),
      runs(250),
    );
  },
  FUZZ_TIMEOUT,
);
