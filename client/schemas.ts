// Written by `npm run build:client` from the OpenAPI document; changes here are lost.

export type Samples = {
  model: string;
  version: number;
  seed: string;
  images: {
    index: number;
    /** class, of a model that takes a label */
    label?: string | undefined;
    width: number;
    height: number;
    channels: number;
    /** row-major, channels last, 8 bit, base64 */
    pixels: string;
    latent?: number[] | undefined;
    /** in place of latent, of a discrete one */
    codes?: number[] | undefined;
  }[];
};

export type Problem = {
  type: 'about:blank';
  title: string;
  status: number;
  detail: string;
  errors?:
    | {
        parameter: string;
        rule: string;
        /** where there was one, short enough */
        value?: unknown | undefined;
      }[]
    | undefined;
};

export type Path = {
  model: string;
  version: number;
  from: string;
  to: string;
  images: {
    index: number;
    /** class, of a model that takes a label */
    label?: string | undefined;
    width: number;
    height: number;
    channels: number;
    /** row-major, channels last, 8 bit, base64 */
    pixels: string;
    latent?: number[] | undefined;
    /** in place of latent, of a discrete one */
    codes?: number[] | undefined;
  }[];
};

export type Latents = {
  /** vectors; of a discrete latent the weights of its values, from 0 to 1, one-hot or a blend */
  latents?: number[][] | undefined;
  /** in place of latents, of a discrete one: a whole number from 0 for each variable */
  codes?: number[][] | undefined;
  /** of a model that takes labels: the weights of its classes, for each latent */
  labels?: number[][] | undefined;
};

export type Images = {
  model: string;
  version: number;
  /** of /reconstruct: the posterior mean; of /decompress: of the code */
  latent?: number[] | undefined;
  /** in place of latent, of a discrete one */
  codes?: number[] | undefined;
  images: {
    index: number;
    /** class, of a model that takes a label */
    label?: string | undefined;
    width: number;
    height: number;
    channels: number;
    /** row-major, channels last, 8 bit, base64 */
    pixels: string;
  }[];
};

export type Pixels = {
  /** row-major, channels last, 0…1 */
  pixels: number[];
  width: number;
  height: number;
  channels?: 1 | 3 | undefined;
};

export type Posterior = {
  model: string;
  version: number;
  /** class, of a model that takes a label */
  label?: string | undefined;
  mean?: number[] | undefined;
  /** not of a deterministic encoder */
  logVariance?: number[] | undefined;
  /** in place of mean, of a discrete latent: the likeliest code */
  codes?: number[] | undefined;
  /** of every value of every variable, variable by variable */
  logits?: number[] | undefined;
};

export type Completions = {
  model: string;
  version: number;
  seed: string;
  mask: 'upper' | 'lower' | 'left' | 'right';
  images: {
    index: number;
    /** class, of a model that takes a label */
    label?: string | undefined;
    width: number;
    height: number;
    channels: number;
    /** row-major, channels last, 8 bit, base64 */
    pixels: string;
  }[];
};

export type Classes = {
  model: string;
  version: number;
  /** the likeliest class */
  label: string;
  probabilities: Record<string, number>;
};

export type Edited = {
  model: string;
  version: number;
  seed?: string | undefined;
  temperature?: number | undefined;
  direction: string;
  /** as it was asked for */
  strength: number | string;
  /** class, of a model that takes a label */
  label?: string | undefined;
  images: {
    index: number;
    width: number;
    height: number;
    channels: number;
    /** row-major, channels last, 8 bit, base64 */
    pixels: string;
    latent?: number[] | undefined;
    /** in place of latent, of a discrete one */
    codes?: number[] | undefined;
  }[];
};

export type Anomaly = {
  model: string;
  version: number;
  /** class, of a model that takes a label */
  label?: string | undefined;
  /** reconstruction + kl: the negative bound, nats */
  score: number;
  /** score − the least that a decoder could make these pixels cost, nats */
  excess: number;
  /** −log p(x|z) at the posterior mean, nats */
  reconstruction: number;
  /** KL(q(z|x) ‖ p(z)), nats */
  kl: number;
  /** the larger one of score and excess */
  percentile: number;
  /** usual images, held out when the model was trained, in a hundred with a smaller value */
  percentiles: {
    score: number;
    excess: number;
    reconstruction: number;
    kl: number;
  };
  /** unusual: score or excess is above its threshold */
  verdict: 'usual' | 'unusual';
  thresholds: {
    /** a share rate / 2 of the usual images is above, nats */
    score: number;
    /** a share rate / 2 of the usual images is above, nats */
    excess: number;
  };
  rate: number;
};

export type Code = {
  model: string;
  version: number;
  quality: number;
  /** class, of a model that takes a label */
  label?: string | undefined;
  /** information of the code without its first three bytes */
  bits: number;
  /** length of the code */
  bytes: number;
  /** for /decompress, base64 */
  code: string;
};

export type CodeBody = {
  /** a code from /compress, base64 */
  code: string;
};

export type Decompressed = {
  model: string;
  version: number;
  /** of /reconstruct: the posterior mean; of /decompress: of the code */
  latent?: number[] | undefined;
  /** in place of latent, of a discrete one */
  codes?: number[] | undefined;
  images: {
    index: number;
    /** class, of a model that takes a label */
    label?: string | undefined;
    width: number;
    height: number;
    channels: number;
    /** row-major, channels last, 8 bit, base64 */
    pixels: string;
  }[];
  code: string;
  quality: number;
};

export type Models = Model[];

export type Model = {
  schema: 1;
  id: string;
  version: number;
  title: string;
  description: string;
  family: string;
  dataset: {
    id: string;
    title: string;
    variant: 'static' | 'dynamic' | 'grey';
    terms: string;
    use: 'commercial' | 'research' | 'unknown';
    licence?: string | undefined;
  };
  image: {
    width: number;
    height: number;
    channels: 1 | 3;
  };
  latent?:
    | {
        prior: 'gaussian';
        dimensions: number;
        aggregate?:
          | {
              weights: number[];
              means: number[][];
              deviations: number[][];
              split: string;
            }
          | undefined;
      }
    | {
        prior: 'uniform';
        dimensions: number;
        low: number;
        high: number;
      }
    | {
        prior: 'bernoulli';
        dimensions: number;
      }
    | {
        prior: 'categorical';
        variables: number;
        classes: number;
      }
    | undefined;
  likelihood?: 'bernoulli' | 'gaussian' | 'continuous-bernoulli' | undefined;
  labels?: string[] | undefined;
  directions?:
    | {
        name: string;
        meaning: string;
        vector: number[];
      }[]
    | undefined;
  capabilities: (
    | 'generate'
    | 'interpolate'
    | 'encode'
    | 'complete'
    | 'classify'
    | 'anomaly'
    | 'edit'
    | 'compress'
  )[];
  graphs: {
    decoder?:
      | {
          file: string;
          inputs: {
            name: string;
            dtype: 'float32' | 'int64';
            shape: (number | 'batch')[];
            range?: [number, number] | undefined;
            meaning: string;
          }[];
          outputs: {
            name: string;
            dtype: 'float32' | 'int64';
            shape: (number | 'batch')[];
            range?: [number, number] | undefined;
            meaning: string;
          }[];
          parameters: number;
          flopsPerImage: number;
        }
      | undefined;
    encoder?:
      | {
          file: string;
          inputs: {
            name: string;
            dtype: 'float32' | 'int64';
            shape: (number | 'batch')[];
            range?: [number, number] | undefined;
            meaning: string;
          }[];
          outputs: {
            name: string;
            dtype: 'float32' | 'int64';
            shape: (number | 'batch')[];
            range?: [number, number] | undefined;
            meaning: string;
          }[];
          parameters: number;
          flopsPerImage: number;
        }
      | undefined;
    prior?:
      | {
          file: string;
          inputs: {
            name: string;
            dtype: 'float32' | 'int64';
            shape: (number | 'batch')[];
            range?: [number, number] | undefined;
            meaning: string;
          }[];
          outputs: {
            name: string;
            dtype: 'float32' | 'int64';
            shape: (number | 'batch')[];
            range?: [number, number] | undefined;
            meaning: string;
          }[];
          parameters: number;
          flopsPerImage: number;
        }
      | undefined;
    completer?:
      | {
          file: string;
          inputs: {
            name: string;
            dtype: 'float32' | 'int64';
            shape: (number | 'batch')[];
            range?: [number, number] | undefined;
            meaning: string;
          }[];
          outputs: {
            name: string;
            dtype: 'float32' | 'int64';
            shape: (number | 'batch')[];
            range?: [number, number] | undefined;
            meaning: string;
          }[];
          parameters: number;
          flopsPerImage: number;
        }
      | undefined;
    classifier?:
      | {
          file: string;
          inputs: {
            name: string;
            dtype: 'float32' | 'int64';
            shape: (number | 'batch')[];
            range?: [number, number] | undefined;
            meaning: string;
          }[];
          outputs: {
            name: string;
            dtype: 'float32' | 'int64';
            shape: (number | 'batch')[];
            range?: [number, number] | undefined;
            meaning: string;
          }[];
          parameters: number;
          flopsPerImage: number;
        }
      | undefined;
  };
  metrics: {
    name: string;
    value: number;
    standardError?: number | undefined;
    interval?: [number, number] | undefined;
    unit: string;
    split: string;
    protocol: string;
  }[];
  anomaly?:
    | {
        estimator: string;
        split: string;
        images: number;
        falseAlarms: {
          split: string;
          images: number;
          reached: {
            rate: number;
            share: number;
            interval: [number, number];
          }[];
        };
        levels: number[];
        quantiles: {
          score: number[];
          excess: number[];
          reconstruction: number[];
          kl: number[];
        };
      }
    | undefined;
  compression?:
    | {
        tag: string;
        split: string;
        centres: number[];
        deviations: number[];
        steps: number[];
      }
    | {
        tag: string;
      }
    | undefined;
  encoded?:
    | {
        file: string;
        split: string;
        images: number;
        explained: [number, number];
      }
    | undefined;
  completion?:
    | {
        masks: ('upper' | 'lower' | 'left' | 'right')[];
      }
    | undefined;
  classification?:
    | {
        labelledImages: number;
        split: string;
        accuracy: number;
        calibrationError: number;
        scaling?:
          | {
              temperature: number;
              split: string;
              unscaledCalibrationError: number;
            }
          | undefined;
      }
    | undefined;
  training: {
    recipe: string;
    settings: Record<string, string | number | boolean>;
    seed?: number | undefined;
    backend: string;
    epochs?: number | undefined;
    epochsBefore?: number | undefined;
    command: string;
  };
  parity: {
    maxAbsDifference: number;
    tolerance: number;
    images: number;
  };
  weights: 'float32' | 'float16';
  files: {
    name: string;
    bytes: number;
    sha256: string;
  }[];
};

export type OEmbed = {
  version: '1.0';
  type: 'photo';
  title: string;
  provider_name: string;
  provider_url: string;
  url: string;
  width: number;
  height: number;
};

export type Document = Record<string, unknown>;

export type Health = {
  status: 'ok';
  version: string;
  engine: string;
  defaultModel: string;
  /** floating-point operations that one request may take; cards say what an image takes */
  maxOperations: number;
  models: string[];
};
