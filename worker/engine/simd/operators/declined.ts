// What of an operator is declined, in words, for the table of operators in the engine's README.

const ONLY_IMAGES = 'more than two spatial axes';
const KNOWN_INTEGERS = 'integers that depend on large inputs';
const TRAINING = 'training';

/** Of every operator of numbers: whatever is not float32, but for what is said of types below the table. */
export const DECLINED: Record<string, string> = {
  Abs: KNOWN_INTEGERS,
  Add: KNOWN_INTEGERS,
  ArgMax: 'integers',
  ArgMin: 'integers',
  Attention: '`softmax_precision` other than float32',
  AveragePool: ONLY_IMAGES,
  BatchNormalization: `${TRAINING}, \`spatial\` 0`,
  Cast: 'to int8 and int16 what depends on inputs; int64 beyond 32 bits saturates there',
  CastLike: 'as Cast',
  Constant: 'sparse values and strings',
  Conv: ONLY_IMAGES,
  ConvTranspose: ONLY_IMAGES,
  Div: `${KNOWN_INTEGERS}, integers by 0`,
  Dropout: TRAINING,
  Equal: 'float16, float64, strings',
  GatherElements: 'indices that are neither stored nor small inputs',
  GlobalAveragePool: ONLY_IMAGES,
  GlobalMaxPool: ONLY_IMAGES,
  Max: KNOWN_INTEGERS,
  MaxPool: `${ONLY_IMAGES}, indices as an output, \`storage_order\` 1`,
  Min: KNOWN_INTEGERS,
  Mod: `floats, ${KNOWN_INTEGERS}`,
  Mul: KNOWN_INTEGERS,
  Neg: KNOWN_INTEGERS,
  OneHot: 'float64',
  Pad: 'integers',
  Pow: 'integer bases',
  Range: 'numbers that are neither stored nor small inputs',
  ReduceMean: 'no elements',
  Resize: '`antialias`, `exclude_outside` but with cubic; aligned corners of a fractional size',
  ScatterND: '`reduction`, indices that are neither stored nor small inputs',
  Sub: KNOWN_INTEGERS,
  Where: 'float64',
};
