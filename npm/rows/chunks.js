/** Files as their bytes come, chunk by chunk. */

/** Chunks as one. */
export function joined(chunks) {
  const bytes = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let place = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, place);
    place += chunk.length;
  }
  return bytes;
}

/** Chunks one after the other, of a stream too: Safari's have no such loop of their own. */
export async function* inTurn(chunks) {
  if (chunks.getReader === undefined) {
    yield* chunks;
    return;
  }
  const reader = chunks.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        return;
      }
      yield value;
    }
  } finally {
    // Whoever has seen enough wants no more.
    reader.cancel().catch(() => {});
  }
}
