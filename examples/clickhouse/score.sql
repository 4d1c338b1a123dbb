-- Every row's risk, the highest first. Zeros in five of the columns mean "not measured".
SELECT
    age,
    glucose,
    risk(times_pregnant, nullIf(glucose, 0), nullIf(blood_pressure, 0), nullIf(skin_fold_thick, 0), nullIf(serum_insulin, 0), nullIf(mass_index, 0), diabetes_pedigree, age) AS risk
FROM file('../../models/diabetes/pima-indians-diabetes.csv', CSVWithNames)
ORDER BY risk DESC
LIMIT 10
SETTINGS webassembly_udf_max_fuel = 0, webassembly_udf_max_input_block_size = 8192
