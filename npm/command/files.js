/** The command line's files: models of every kind read, and what is written whole or not at all. */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { command } from "../case/command.js";
import { Model } from "../model/model.js";

const MAGIC = "WARDIAN";
const beside = (name) => readFileSync(new URL(name, import.meta.url));

/** An error that names the file. */
export function about(file, error) {
  // Node's own words repeat the path and name the system call.
  const message = error.code === "ENOENT" ? "there is no such file" : error.syscall === undefined ? error.message : error.message.split(",")[0];
  return Object.assign(new Error(`${file}: ${message}`), { code: error.code, field: error.field });
}

/** A file's bytes. */
export function readBytes(file) {
  try {
    return readFileSync(file);
  } catch (error) {
    throw about(file, error);
  }
}

/**
 * The `.wardian` bytes of a model in any supported file. Options are `allTrees`, `noCovers`, `missing`, `categoriesFrom` and the
 * path of a `schema`. The module that reads trainers' files is only read itself when there is one. What is to be known of how
 * the file was read goes to standard error.
 */
export async function toWardian(file, bytes, { schema, ...options } = {}) {
  const { convert, initSync } = await import("./convert.js");
  initSync({ module: beside("convert_bg.wasm") });
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  let plain;
  try {
    const [written, ...notes] = convert(bytes, given);
    notes.forEach((note) => process.stderr.write(`${command.name}: note: ${file}: ${note}\n`));
    plain = written;
  } catch (error) {
    throw about(file, error);
  }
  if (schema === undefined) {
    return plain;
  }
  const text = readBytes(schema).toString();
  try {
    return convert(bytes, { ...given, schema: text })[0];
  } catch (error) {
    // The model alone was read: it is the schema that is wrong.
    throw about(schema, error);
  }
}

/** The model in a file, read with the options of {@link toWardian}, and its `.wardian` bytes; without a file the shipped one. */
export async function readModel(file, options = {}) {
  if (file === undefined) {
    return { model: new Model() };
  }
  let bytes = readBytes(file);
  if (bytes.toString("latin1", 0, MAGIC.length) !== MAGIC || options.missing !== undefined) {
    bytes = await toWardian(file, bytes, options);
  }
  try {
    return { model: new Model(bytes), bytes };
  } catch (error) {
    throw about(file, error);
  }
}

/** Writes a file that appears whole or not at all. */
export function writeWhole(file, content) {
  const temporary = path.join(path.dirname(file), `.${path.basename(file)}.${randomUUID()}`);
  try {
    writeFileSync(temporary, content, { flag: "wx" });
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw about(file, error);
  }
}

/** Writes texts, or their bytes, to a file, whole or not at all, or to standard output as they come. */
export async function writeAll(file, texts) {
  if (file !== undefined) {
    const all = [];
    for await (const text of texts) {
      all.push(text);
    }
    writeWhole(file, Buffer.concat(all.map((each) => Buffer.from(each))));
    return;
  }
  for await (const text of texts) {
    if (!process.stdout.write(text)) {
      await once(process.stdout, "drain");
    }
  }
}

/** Writes to a file, or to standard output. */
export function writeOut(file, content) {
  if (file === undefined) {
    process.stdout.write(content);
  } else {
    writeWhole(file, content);
  }
}
