// The reference for people, from the OpenAPI document: contents, parameters, answers, examples, and a form to try each by,
// which a script of the site wakes (site/reference/).
import { html } from 'hono/html';
import { requestAddress } from '../../core/request-address.ts';
import type { JsonSchema, OpenApiDocument, Operation, Parameter } from '../http/openapi.ts';
import { type Example, exampleOf, type Situation } from './examples.ts';
import { type Markup, sitePage } from './site-page.ts';
import { curlOf, scriptOf } from './snippets.ts';

/** What a parameter may be, and is when it is absent. */
function values({ type, enum: options, minimum, maximum, default: fallback }: JsonSchema): string {
  const range =
    minimum === undefined || maximum === undefined ? String(type ?? '') : `${minimum} to ${maximum}`;
  const said = Array.isArray(options) ? options.join(', ') : range;
  return fallback === undefined ? said : `${said}; default ${fallback}`;
}

const types = (content: object = {}): string => Object.keys(content).join(', ');
const anchorOf = (method: string, path: string): string =>
  `${method}-${path.replaceAll(/[^a-z]+/g, '-').replaceAll(/^-|-$/g, '')}`;

function field({ name, schema }: Parameter, example: Example): Markup {
  const value = example.values[name] ?? '';
  const options = Array.isArray(schema.enum) ? (schema.enum as string[]) : undefined;
  const absent = schema.default === undefined ? '' : String(schema.default);
  return options
    ? html`<label>${name} <select name="${name}"><option value="">${absent || '–'}</option>${options.map(
        (option) => html`<option${option === value ? html` selected` : ''}>${option}</option>`,
      )}</select></label>`
    : html`<label>${name} <input name="${name}" value="${value}" placeholder="${absent}" autocomplete="off" spellcheck="false"></label>`;
}

/** What is sent besides: a file, or a picture of the model's own where none is chosen. */
function bodyField({ body, values: { model } }: Example): Markup | string {
  if (body === 'picture')
    return html`<label>body <input type="file" name="body-file" accept="image/*"></label><input type="hidden" name="body-sample" value="${`/generate?model=${encodeURIComponent(model ?? '')}&seed=anna&format=png`}"><span class="note">Without a file: the picture of seed “anna”.</span>`;
  if (body === 'code')
    return html`<label>body <input type="file" name="body-file" required></label><span class="note">A code that <a href="#post-compress">/compress</a> gave.</span>`;
  if (body)
    return html`<label class="whole">body <textarea name="body-json" rows="3" spellcheck="false">${JSON.stringify(body.json)}</textarea></label>`;
  return '';
}

const tryForm = (method: string, path: string, operation: Operation, example: Example): Markup =>
  html`<form class="try" data-method="${method}" data-path="${path}" hidden><div class="fields">${(operation.parameters ?? []).map((one) => field(one, example))}${bodyField(example)}</div>
<p><button>Send</button> <output class="note"></output></p><div class="answer"></div></form>`;

const parameterTable = ({ parameters = [], requestBody }: Operation): Markup | string =>
  parameters.length === 0 && !requestBody
    ? ''
    : html`<div class="wide-table"><table class="figures"><thead><tr><th scope="col">Parameter</th><th scope="col">Values</th><th scope="col">Meaning</th></tr></thead><tbody>${parameters.map(
        (one) =>
          html`<tr><th scope="row"><code>${one.name}</code></th><td>${values(one.schema)}</td><td>${one.description ?? one.schema.description ?? ''}</td></tr>`,
      )}${requestBody ? html`<tr><th scope="row">body</th><td>${types(requestBody.content)}</td><td>${requestBody.required ? 'needed' : 'or nothing'}</td></tr>` : ''}</tbody></table></div>`;

const answerTable = ({ responses }: Operation): Markup =>
  html`<details><summary>Answers</summary><div class="wide-table"><table class="figures"><tbody>${Object.entries(
    responses,
  ).map(
    ([status, { description, content }]) =>
      html`<tr><th scope="row">${status}</th><td>${types(content)}</td><td>${description}</td></tr>`,
  )}</tbody></table></div></details>`;

function examples(method: string, path: string, operation: Operation, situation: Situation): Markup | string {
  const found = exampleOf(`${method} ${path}`, situation);
  if (!found) return '';
  if ('missing' in found)
    return html`<p class="note">No model here can do this: none has the capability <code>${found.missing}</code>.</p>`;
  const address = situation.origin + requestAddress(path, found.example.values);
  const said = method.toUpperCase();
  return html`<div class="examples"><h3>curl</h3><pre tabindex="0"><code>${curlOf(said, address, found.example)}</code></pre><h3>JavaScript</h3><pre tabindex="0"><code>${scriptOf(said, address, found.example)}</code></pre></div>
${tryForm(said, path, operation, found.example)}`;
}

/** `situation`: the models that the examples ask, and where. */
export function docsPage({ paths, info }: OpenApiDocument, situation: Situation): Markup {
  const { description } = info;
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
  );
  return sitePage({
    title: 'API',
    description,
    current: '/docs',
    head: html`<script type="module" src="/reference.js"></script>`,
    body: html`<section class="opening"><h1>The API</h1><p class="lead">${description}</p>
<p class="note">Errors are <code>application/problem+json</code> (RFC 9457); where a picture was asked for, a readable picture. Image bodies: a PNG, a JPEG or WebP photograph (up to 2 MiB and a million pixels; its middle is taken, upright), or JSON <code>{ pixels, width, height, channels }</code> with numbers from 0 to 1; at most 256 KiB. A body may come in gzip. <code>size</code>, <code>scaling</code>, <code>radius</code>, <code>background</code>, WebP and SVG are for pictures that stand on pages, which come from <code>/generate</code>; sheets, strips and answers to a POST are enlarged by whole pixels, by <code>scale</code>. For machines: <a href="/openapi.json">openapi.json</a>.</p></section>
<div class="reference"><nav class="contents" aria-label="Contents"><ol>${operations.map(
      ({ path, method }) =>
        html`<li><a href="#${anchorOf(method, path)}"><b>${method.toUpperCase()}</b> ${path}</a></li>`,
    )}</ol></nav>
<div>${operations.map(
      ({ path, method, operation }) =>
        html`<section id="${anchorOf(method, path)}"><h2><b>${method.toUpperCase()}</b> ${path}</h2><p>${operation.summary}</p>
${parameterTable(operation)}${examples(method, path, operation, situation)}${answerTable(operation)}</section>`,
    )}</div></div>`,
  });
}
