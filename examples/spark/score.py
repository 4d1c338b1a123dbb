"""Scores rows in Spark: python score.py MODEL ROWS ANSWERS. MODEL is a trainer's file, ROWS and ANSWERS are Parquet."""

from __future__ import annotations

import sys

from pyspark.sql import SparkSession

from wardian import spark


def main(model: str, rows: str, answers: str) -> None:
    # A cluster by Spark Connect is what SPARK_REMOTE says; spark-submit brings its own.
    session = SparkSession.builder.appName("score").getOrCreate()
    table = session.read.parquet(rows)
    spark.score(table, model, keep=["id"]).write.mode("overwrite").parquet(answers)


if __name__ == "__main__":
    main(*sys.argv[1:])
