// Eigenvalues and eigenvectors of symmetric matrices by Jacobi's rotations (Golub & Van Loan, Section 8.5): slow, and
// as exact as the machine, which is what square roots of covariances need.

export type Eigen = {
  /** [n], in no order. */
  values: Float64Array;
  /** [n, n]: row k is the unit vector of `values[k]`. */
  vectors: Float64Array;
};

/** Off-diagonal elements this small against the norm of the matrix are rounding errors. */
const TOLERANCE = 1e-15;
const MAX_SWEEPS = 60;

/** The decomposition of a symmetric matrix [n, n], row by row. @throws Error unless it converges. */
export function symmetricEigen(matrix: Float64Array, n: number): Eigen {
  const a = matrix.slice();
  const vectors = new Float64Array(n * n);
  for (let i = 0; i < n; i++) vectors[i * n + i] = 1;
  const enough = TOLERANCE * Math.sqrt(a.reduce((sum, value) => sum + value * value, 0));

  for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) {
    let largest = 0;
    for (let p = 0; p < n; p++)
      for (let q = p + 1; q < n; q++) {
        const apq = a[p * n + q]!;
        largest = Math.max(largest, Math.abs(apq));
        if (Math.abs(apq) <= enough) continue;
        // The rotation by the angle whose tangent t solves t² + 2 t τ − 1 = 0, the smaller root.
        const tau = (a[q * n + q]! - a[p * n + p]!) / (2 * apq);
        const t = (tau >= 0 ? 1 : -1) / (Math.abs(tau) + Math.hypot(1, tau));
        const c = 1 / Math.hypot(1, t);
        const s = t * c;
        rotateColumns(a, n, p, q, c, s);
        rotateRows(a, n, p, q, c, s);
        rotateRows(vectors, n, p, q, c, s);
      }
    if (largest <= enough)
      return { values: Float64Array.from({ length: n }, (_, i) => a[i * n + i]!), vectors };
  }
  throw new Error(`eigen: no convergence of a ${n}×${n} matrix in ${MAX_SWEEPS} sweeps`);
}

function rotateRows(m: Float64Array, n: number, p: number, q: number, c: number, s: number): void {
  for (let k = 0; k < n; k++) {
    const [x, y] = [m[p * n + k]!, m[q * n + k]!];
    m[p * n + k] = c * x - s * y;
    m[q * n + k] = s * x + c * y;
  }
}

function rotateColumns(m: Float64Array, n: number, p: number, q: number, c: number, s: number): void {
  for (let k = 0; k < n * n; k += n) {
    const [x, y] = [m[k + p]!, m[k + q]!];
    m[k + p] = c * x - s * y;
    m[k + q] = s * x + c * y;
  }
}
