/** 64-bit floats as texts, for models that answer them: `src/number.rs` does the same in Rust. */
import { rounded } from "../contract/rest.js";

/** The shortest decimal that reads back as the same 64-bit float, laid out as Python lays out a float. */
export function decimal64(value) {
  if (!Number.isFinite(value)) {
    return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  }
  const shortest = value.toExponential();
  // Of two decimals that are as near, JavaScript takes the larger and Python the even one.
  const even = rounded(value, shortest.split("e")[0].replace(/[-.]/g, "").length);
  const [mantissa, power] = (Number(even) === value ? even : shortest).split("e");
  const sign = Object.is(value, -0) || value < 0 ? "-" : "";
  const digits = mantissa.replace(/[-.]/g, "");
  const exponent = Number(power);
  if ((value !== 0 && exponent < -4) || exponent >= 16) {
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : "";
    return `${sign}${digits[0]}${fraction}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
  }
  const padded = exponent < 0 ? "0".repeat(-exponent) + digits : digits.padEnd(exponent + 1, "0");
  const whole = Math.max(0, exponent) + 1;
  return `${sign}${padded.slice(0, whole)}.${padded.slice(whole) || "0"}`;
}
