// What critic and generator minimise, by the scores that the critic gives; a probability is the sigmoid of a score.
import {
  abs,
  add,
  exp,
  log,
  logSumExp,
  mean,
  mul,
  neg,
  relu,
  type Scalar,
  square,
  sub,
  sum,
  type Tensor,
} from '@tensorflow/tfjs-core';

/** Both losses are means over the batch; `real` and `fake` are the critic's scores, [batch]. */
export type AdversarialLoss = {
  critic(real: Tensor, fake: Tensor): Scalar;
  generator(fake: Tensor): Scalar;
};

/** log(1 + eˢ), by |s| so that its derivative of every order is that of the formula, and large scores do not overflow. */
const softplus = (s: Tensor): Tensor => add(relu(s), log(add(exp(neg(abs(s))), 1)));
const average = (t: Tensor): Scalar => mean(t) as Scalar;
const plus = (a: Scalar, b: Scalar): Scalar => add(a, b);

/** −log softmax(logits) of the class of the one-hot `labels`, mean over the batch; both [batch, classes]. */
export const softmaxCrossEntropy = (logits: Tensor, labels: Tensor): Scalar =>
  average(sub(logSumExp(logits, 1), sum(mul(logits, labels), 1)));

/** −log D(x) − log(1 − D(G(z))), Goodfellow et al. 2014, Eq. 1. */
const crossEntropy = (real: Tensor, fake: Tensor): Scalar =>
  plus(average(softplus(neg(real))), average(softplus(fake)));

export const ADVERSARIAL_LOSSES = {
  /** The generator descends log(1 − D(G(z))) (Goodfellow et al. 2014, Eq. 1). */
  minimax: { critic: crossEntropy, generator: (fake) => average(neg(softplus(fake))) },
  /** The generator ascends log D(G(z)) (Goodfellow et al. 2014, Section 3). */
  'non-saturating': { critic: crossEntropy, generator: (fake) => average(softplus(neg(fake))) },
  /** Mao et al. 2017, Eq. 9, with targets 1 for real and 0 for generated images. */
  'least-squares': {
    critic: (real, fake) => plus(average(square(sub(real, 1))), average(square(fake))),
    generator: (fake) => average(square(sub(fake, 1))),
  },
  /** Arjovsky et al. 2017, Eq. 2: the critic must be held to be Lipschitz by clipping or a penalty. */
  wasserstein: {
    critic: (real, fake) => sub(average(fake), average(real)),
    generator: (fake) => average(neg(fake)),
  },
  /** Miyato et al. 2018, Eqs. 16 and 17. */
  hinge: {
    critic: (real, fake) => plus(average(relu(sub(1, real))), average(relu(add(fake, 1)))),
    generator: (fake) => average(neg(fake)),
  },
} satisfies Record<string, AdversarialLoss>;

export type AdversarialLossName = keyof typeof ADVERSARIAL_LOSSES;
