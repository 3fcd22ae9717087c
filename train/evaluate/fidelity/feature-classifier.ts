// The classifier whose features Fréchet distances are measured in, in numbers and in words.

export const CLASSIFIER = { channels: [32, 64], dense: 128, dropout: 0.5 };
/** Small sets are gone through more often, until there are about as many steps, or so many epochs. */
export const FEWEST = { epochs: 3, steps: 1600 };
export const MOST_EPOCHS = 20;
export const TRAINING = {
  batchSize: 100,
  learningRate: 2e-3,
  weightDecay: 0.02,
  mirror: false,
  seed: '1',
};

/** For people: what the features are. */
export const FEATURE_WORDS =
  `the ${CLASSIFIER.dense} features after the activation of the hidden layer of a classifier (convolutions 4×4 of ` +
  `${CLASSIFIER.channels.join(' and ')} channels, stride 2, batch normalisation, dense ${CLASSIFIER.dense}, leaky ReLU, ` +
  `dropout ${CLASSIFIER.dropout}), trained on the training images of all classes of its set for ${FEWEST.epochs} epochs, more where these are less than ${FEWEST.steps} steps, with seed ` +
  `${TRAINING.seed}, its epoch chosen on validation images`;
