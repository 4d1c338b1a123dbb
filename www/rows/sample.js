/** The rows of the study, as a file to try with. */
import text from "../../models/diabetes/pima-indians-diabetes.csv";

export const sampleFile = () => new File([text], "pima-indians-diabetes.csv", { type: "text/csv" });
