/**
 * Probability that a standard normal value lies further from 0 than `z` on either side. By the complementary error
 * function of Press et al., "Numerical Recipes in C", 2nd edition, section 6.2 (relative error below 1.2e-7).
 */
export function twoSidedProbability(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + x / 2);
  const polynomial = chebyshev.reduceRight((sum, coefficient) => coefficient + t * sum, 0);
  return Math.min(1, t * Math.exp(-x * x + polynomial));
}

/**
 * The z that a standard normal value stays within, on both sides, with probability `confidence` (0 … 1, exclusive):
 * 1.96 for 0.95. By bisection, which `twoSidedProbability` is smooth enough for. Throws a RangeError outside (0, 1).
 */
export function twoSidedQuantile(confidence: number): number {
  if (!(confidence > 0 && confidence < 1))
    throw new RangeError(`confidence ${confidence} is not within 0 and 1`);
  let low = 0;
  let high = 40;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (1 - twoSidedProbability(middle) < confidence) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

const chebyshev: readonly number[] = [
  -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587,
  -0.82215223, 0.17087277,
];
