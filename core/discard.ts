/**
 * Gives the memory of a buffer back at once, where the runtime can: a collector counts what lies outside its heap late,
 * and an isolate has little. Every view of it is empty afterwards.
 */
export function discard({ buffer }: ArrayBufferView): void {
  const { transfer } = buffer as { transfer?(length: number): unknown };
  transfer?.call(buffer, 0);
}
