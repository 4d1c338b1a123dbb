/** A file's bytes, unpacked if gzip has packed them. What they mean is the reader's affair. */
import { refusal } from "./limits.js";

const GZIP = [0x1f, 0x8b];

export class Source {
  #file;
  /** How many of the file's own bytes have been read. */
  consumed = 0;

  constructor(file) {
    this.#file = file;
  }

  /** Its bytes as they come. */
  async *bytes() {
    const magic = new Uint8Array(await this.#file.slice(0, GZIP.length).arrayBuffer());
    const counting = new TransformStream({
      transform: (chunk, controller) => {
        this.consumed += chunk.length;
        controller.enqueue(chunk);
      },
    });
    const stream = this.#file.stream().pipeThrough(counting);
    const isPacked = GZIP.every((byte, index) => magic[index] === byte);
    const reader = (isPacked ? stream.pipeThrough(new DecompressionStream("gzip")) : stream).getReader();
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) {
          return;
        }
        yield value;
      }
    } catch (error) {
      // What browsers say of a file that is another one by now.
      throw error.name === "NotReadableError" ? refusal("changed") : error;
    } finally {
      reader.cancel().catch(() => {});
    }
  }
}
