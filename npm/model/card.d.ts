import type { Feature } from "./wardian.js";

/** The part of a model's card that these rules read. */
export interface Card {
  interval: { margins: number[]; lower: number[]; upper: number[]; level: number };
  warnings: { many_missing: { usual: number; message: string } };
}

/** The interval around a probability, and the share of models trained in the same way that answer within it. */
export function interval(card: Card, probability: number): { low: number; high: number; level: number };
/** A warning if more of a row is missing than almost anybody in training lacked. */
export function manyMissing(
  card: Card,
  features: Pick<Feature, "missingCodes">[],
  values: ArrayLike<number | null | undefined>,
): { code: "many_missing"; message: string } | undefined;
