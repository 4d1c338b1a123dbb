/** Tables of Apache Arrow as columns. They are known by what they can do, so that their package is not asked for. */
import { fault } from "./wardian.js";

/** Numbers as they stand in memory. Others are read one by one: those of 16 bits are halves of floats there, of 64 no numbers. */
const PLAIN = /^(Float(32|64)|(I|Ui)nt(8|16|32))$/;
/** What is written as a number, and is none to a model. */
const TIME = /^(Date|Time|Interval|Duration)/;

/** The columns of a table by name, its nulls for what is not measured; of what is no table, itself. */
export function columnsOf(rows) {
  const fields = rows?.schema?.fields;
  if (!Array.isArray(fields) || typeof rows.getChild !== "function") {
    return rows;
  }
  const columns = Object.create(null);
  for (const { name, type } of fields) {
    const what = Object.hasOwn(columns, name) ? "the table has two columns of this name" : TIME.test(type) ? `a column of type ${type} is no number and no category` : undefined;
    if (what !== undefined) {
      throw fault("wrong_type", name, what);
    }
    const column = rows.getChild(name);
    columns[name] = PLAIN.test(type) && column.nullCount === 0 ? column.toArray() : Array.from(column, plainOf);
  }
  return columns;
}

/** A value as JavaScript has it elsewhere. Integers of 64 bits become what XGBoost makes of them: floats. */
const plainOf = (value) => (typeof value === "bigint" ? Number(value) : value);
