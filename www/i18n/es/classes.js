export default {
  all: "Todas las clases",
  look: "Elija una clase para ver por qué es así de probable.",
  help: "Cada barra sigue desde donde acabó la anterior. Los números son la puntuación de esta clase antes de convertirse en probabilidad: cuanto mayor, más probable la clase. Es lo que el modelo deduce de los valores, no lo que causa el resultado.",
};
