/** A file's bytes, unpacked if gzip has packed them. What they mean is the reader's affair. */

const GZIP = [0x1f, 0x8b];

export class Source {
  #file;
  /** How many of the file's own bytes have been read. */
  consumed = 0;

  constructor(file) {
    this.#file = file;
  }

  /** Its bytes as they come. */
  async stream() {
    const magic = new Uint8Array(await this.#file.slice(0, GZIP.length).arrayBuffer());
    const counting = new TransformStream({
      transform: (chunk, controller) => {
        this.consumed += chunk.length;
        controller.enqueue(chunk);
      },
    });
    const stream = this.#file.stream().pipeThrough(counting);
    return GZIP.every((byte, index) => magic[index] === byte) ? stream.pipeThrough(new DecompressionStream("gzip")) : stream;
  }
}
