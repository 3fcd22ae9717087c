// Written by `npm run build:client` from the OpenAPI document; changes here are lost.

type Common = {
  /** the same seed gives the same picture, for ever; absent: a redirect to a random one */
  seed?: string | undefined;
  /** images in one sheet */
  n?: number | undefined;
  /** images in a row; absent: nearest to square */
  columns?: number | undefined;
  /** of a model that takes one: class name, or index; absent: drawn from the seed, the likeliest of an image, and needed for latents that come without weights */
  label?: string | undefined;
  /** scales the deviation of a Gaussian prior and the reach of a uniform one, divides the logits of a learned one; fair codes have none */
  temperature?: number | undefined;
  /** whole-pixel enlargement */
  scale?: number | undefined;
  /** colours of a one-channel model */
  colormap?: 'gray' | 'inverted' | 'viridis' | 'magma' | 'ember' | 'ice' | undefined;
  /** dreamlet's own engine (simd) or onnxruntime-web (ort), to compare them; absent: simd, and its name is not in the answer */
  engine?: 'simd' | 'ort' | undefined;
  /** what is answered where a picture fails: one with the words in it, or a problem document, for which an `<img>` has its `error` event */
  errors?: 'picture' | 'document' | undefined;
  /** of a picture that has a size: smooth, or squares of pixels */
  scaling?: 'smooth' | 'pixel' | undefined;
  /** of rounded corners, percent of the shorter side; 50 makes a circle of a square */
  radius?: number | undefined;
  /** colour behind corners and at the sides, as RRGGBB or transparent */
  background?: string | undefined;
  /** whether a browser saves the file in place of showing it */
  download?: 'true' | 'false' | undefined;
  /** id, or id@version; absent: the default model of /healthz */
  model?: string | undefined;
  /** of the answer; absent: from Accept, then the first */
  format?: 'png' | 'json' | 'npy' | undefined;
};

/** Parameters of each route. */
export type Queries = {
  /** New samples from a model */
  '/generate': Pick<
    Common,
    | 'seed'
    | 'n'
    | 'columns'
    | 'label'
    | 'temperature'
    | 'scale'
    | 'colormap'
    | 'engine'
    | 'errors'
    | 'scaling'
    | 'radius'
    | 'background'
    | 'download'
    | 'model'
  > & {
    /** in pixels, each side from 8 to 2048, in place of scale: the largest picture that fits, in the middle; absent: as scale says */
    size?: string | undefined;
    /** of the answer; absent: png, json or npy, from Accept, then the first */
    format?: 'png' | 'json' | 'npy' | 'webp' | 'svg' | undefined;
  };
  /** New samples in a size, under an address for <img> */
  '/generate/{id}/{sized}': Pick<
    Common,
    | 'seed'
    | 'n'
    | 'columns'
    | 'label'
    | 'temperature'
    | 'colormap'
    | 'engine'
    | 'errors'
    | 'scaling'
    | 'radius'
    | 'background'
    | 'download'
  >;
  /** The path between two seeds */
  '/interpolate': Pick<
    Common,
    'label' | 'temperature' | 'scale' | 'colormap' | 'engine' | 'errors' | 'model'
  > & {
    /** seed of the first frame; absent: a redirect to random ones */
    from?: string | undefined;
    /** seed of the last frame; absent: a redirect to random ones */
    to?: string | undefined;
    /** frames from one to the other, both included */
    steps?: number | undefined;
    /** arc (slerp), straight line (lerp; between codes a blend), or one variable of a code after another (codes); absent: slerp of Gaussian latents, lerp of uniform ones, codes of discrete ones */
    path?: 'slerp' | 'lerp' | 'codes' | undefined;
    /** appends the way back, so that an animation closes */
    loop?: boolean | undefined;
    /** frames per second of an animation */
    fps?: number | undefined;
    /** of the answer; absent: from Accept, then the first */
    format?: 'png' | 'apng' | 'json' | undefined;
  };
  /** The latent plane of a 2-D model, or a plane through three seeds */
  '/manifold/{file}': Pick<Common, 'label' | 'scale' | 'colormap' | 'engine' | 'errors'> & {
    /** points along each side */
    size?: number | undefined;
    /** the seed at the top left; absent, as the other two: the whole plane, where latents are one */
    origin?: string | undefined;
    /** the seed at the top right; absent: as for origin */
    right?: string | undefined;
    /** the seed at the bottom left; absent: as for origin */
    down?: string | undefined;
  };
  /** Latents or codes in, images out */
  '/decode': Pick<Common, 'model' | 'columns' | 'label' | 'scale' | 'colormap' | 'engine' | 'format'>;
  /** Image in; posterior mean and log-variance, or code and logits, out */
  '/encode': Pick<Common, 'model' | 'label' | 'engine'>;
  /** Image in, its reconstruction out */
  '/reconstruct': Pick<Common, 'model' | 'label' | 'scale' | 'colormap' | 'engine'> & {
    /** of the answer; absent: from Accept, then the first */
    format?: 'png' | 'json' | undefined;
  };
  /** An image of which a half is known in, sampled completions out */
  '/complete': Pick<Common, 'model' | 'columns' | 'scale' | 'colormap' | 'engine' | 'format'> & {
    /** the half of the image that is known, of those on the card of the model */
    mask?: 'upper' | 'lower' | 'left' | 'right' | undefined;
    /** the same seed gives the same completions, for ever; absent: a random one */
    seed?: string | undefined;
    /** completions in one sheet */
    n?: number | undefined;
  };
  /** Image in, class probabilities out */
  '/classify': Pick<Common, 'model' | 'engine'>;
  /** Image or seed in, moved along named latent directions */
  '/edit': Pick<Common, 'model' | 'temperature' | 'label' | 'scale' | 'colormap' | 'engine'> & {
    /** needed: name of a direction on the card of the model, or several with commas between them */
    direction?: string | undefined;
    /** how far, from -5 to 5, of all directions or of each: in standard deviations of what changes, where the card says nothing else */
    strength?: string | undefined;
    /** start from the picture of this seed; absent: from the image in the body */
    seed?: string | undefined;
    /** of the answer; absent: from Accept, then the first */
    format?: 'png' | 'json' | undefined;
  };
  /** Image in; its bound in nats, percentiles among usual images, and a verdict out */
  '/anomaly': Pick<Common, 'model' | 'label' | 'engine'> & {
    /** share of usual images that may be called unusual */
    rate?: number | undefined;
  };
  /** Image in, short code out */
  '/compress': Pick<Common, 'model' | 'label' | 'engine'> & {
    /** from the shortest code, 1, to the best picture, 6 */
    quality?: number | undefined;
    /** of the answer; absent: from Accept, then the first */
    format?: 'bin' | 'json' | undefined;
  };
  /** Short code in, image out */
  '/decompress': Pick<Common, 'scale' | 'colormap' | 'engine' | 'format'>;
  /** All model cards, or the page of all models */
  '/models': {
    /** of the answer; absent: from Accept, JSON where it names neither */
    format?: 'json' | 'html' | undefined;
  };
  /** One model card, or the page of the model */
  '/models/{id}': {
    /** of the answer; absent: from Accept, JSON where it names neither */
    format?: 'json' | 'html' | undefined;
  };
  /** A page with one picture, for an iframe */
  '/embed': Pick<Common, 'model' | 'n' | 'columns' | 'label' | 'temperature' | 'colormap'> & {
    /** of the picture; absent: a random one */
    seed?: string | undefined;
  };
  /** oEmbed 1.0 answer for an address of /generate, /embed or the first page */
  '/oembed': {
    /** needed: the address of a picture or page here */
    url?: string | undefined;
    /** of the answer: json */
    format?: string | undefined;
    /** width that there is room for, pixels; the picture is scaled by whole numbers */
    maxwidth?: number | undefined;
    /** height that there is room for, pixels */
    maxheight?: number | undefined;
  };
};
