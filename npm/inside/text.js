/**
 * Bytes that travel in a script as a text of as many characters, U+0000 to U+00FF. After gzip that is 4 % more than the bytes
 * themselves; base64, whose letters do not fall on bytes, is 26 % more. `exchanged` has pairs of characters that stand for each
 * other: frequent bytes have those that take the least room in a script.
 */
export function bytesOf(text, length, exchanged = "") {
  // In another encoding than UTF-8, which modules always have, a character would be read as two.
  if (text.length !== length) {
    throw new Error('this script was not read as UTF-8, which charset="utf-8" says');
  }
  const bytes = new Uint8Array(length);
  for (let index = 0; index < length; index += 1) {
    const place = exchanged.indexOf(text[index]);
    // Of a pair the other one.
    bytes[index] = place < 0 ? text.charCodeAt(index) : exchanged.charCodeAt(place ^ 1);
  }
  return bytes;
}
