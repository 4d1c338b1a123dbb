/**
 * Bytes that travel in a script as a text of as many characters, U+0000 to U+00FF. After gzip that is 7 % more than the bytes
 * themselves; base64, whose letters do not fall on bytes, is 26 % more.
 */
export function bytesOf(text, length) {
  // In another encoding than UTF-8, which modules always have, a character would be read as two.
  if (text.length !== length) {
    throw new Error('this script was not read as UTF-8: give the page <meta charset="utf-8">, or the script charset="utf-8"');
  }
  const bytes = new Uint8Array(length);
  for (let index = 0; index < length; index += 1) {
    bytes[index] = text.charCodeAt(index);
  }
  return bytes;
}
