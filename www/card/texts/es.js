/** The card's texts in Spanish, by the English that `models/diabetes/texts.py` writes. */
export default {
  "Diabetes risk": "Riesgo de diabetes",
  "A demonstration, not a medical device. It has not been tested on patients, no authority has approved it, and no decision about anybody's health may rest on it.":
    "Una demostración, no un producto sanitario. No se ha probado con pacientes, ninguna autoridad lo ha aprobado y ninguna decisión sobre la salud de nadie puede basarse en él.",
  "MIT OR Apache-2.0 (model, scripts and this card)": "MIT o Apache-2.0 (modelo, programas y esta ficha)",
  "Showing that a trained model can answer on the reader's own device, exactly as its trainer would.":
    "Mostrar que un modelo entrenado puede responder en el dispositivo del lector, exactamente como lo haría quien lo entrenó.",
  "Teaching and research: what such a model knows, how sure it is, and where it fails.":
    "Docencia e investigación: qué sabe un modelo así, cuán seguro está y dónde falla.",
  "Diagnosis, screening, treatment, insurance, or any other decision about a person.":
    "Diagnóstico, cribado, tratamiento, seguros o cualquier otra decisión sobre una persona.",
  "Men, women under 21, and people of other descent or other times than the study's: nothing is known of how well it does for them.":
    "Hombres, mujeres menores de 21 años y personas de otra ascendencia u otra época que las del estudio: no se sabe cómo acierta con ellas.",
  "Women who have diabetes already: the study left them out.": "Mujeres que ya tienen diabetes: el estudio no las incluyó.",
  "Women of 21 and older, of Pima (Akimel O'odham) heritage, near Phoenix, Arizona, who took part in a long study of diabetes that began in 1965. Diabetes was far more frequent among them than almost anywhere else.":
    "Mujeres de 21 años o más, de ascendencia pima (akimel o’odham), cerca de Phoenix, Arizona, que participaron en un largo estudio de la diabetes iniciado en 1965. La diabetes era entre ellas mucho más frecuente que en casi cualquier otro lugar.",
  "Of about {women} women of the study to whom such a model, not having seen them, gave {from} to {to}, {observed_rate} tested positive (95 % interval {low} to {high}).":
    "De unas {women} mujeres del estudio a las que un modelo así, sin haberlas visto, dio entre {from} y {to}, el {observed_rate} dio positivo (intervalo del 95 %: de {low} a {high}).",
  "21 to 29": "De 21 a 29",
  "30 to 39": "De 30 a 39",
  "40 to 49": "De 40 a 49",
  "50 and older": "50 o más",
  none: "ninguno",
  one: "uno",
  two: "dos",
  "three or four": "tres o cuatro",
  "For nine women in ten, a model trained in the same way on as many other women of this study answers within a range like this one: here, between {low} and {high}.":
    "Para nueve de cada diez mujeres, un modelo entrenado igual con otras tantas mujeres de este estudio responde dentro de un intervalo como este: aquí, entre {low} y {high}.",
  "It tells how much the answer owes to which women happened to be in the study. It does not tell between what bounds her own risk lies, and it knows nothing of other people, other places or other times.":
    "Indica cuánto depende la respuesta de qué mujeres participaron por azar. No dice entre qué límites está el riesgo de cada una, ni sabe nada de otras personas, lugares o épocas.",
  "{count} of 8 values are not measured; 95 % of the women in training lacked at most 2":
    "faltan {count} de 8 valores; al 95 % de las mujeres del entrenamiento les faltaban como mucho 2",
  "It knows the women of one study, measured decades ago. Nothing has been checked on anyone else.":
    "Conoce a las mujeres de un solo estudio, medidas hace décadas. No se ha comprobado nada en nadie más.",
  "Trees are no better here than a logistic regression on the same eight values.":
    "Los árboles no son aquí mejores que una regresión logística con los mismos ocho valores.",
  "At the cut of 0.5 it misses more than four in ten of the women who went on to test positive.":
    "Con el corte en 0,5 se le escapan más de cuatro de cada diez mujeres que después dieron positivo.",
  "It tells older women apart less well than younger ones, and women with two missing values less well than those with none.":
    "Distingue peor a las mujeres mayores que a las jóvenes, y a las que les faltan dos valores peor que a las que no les falta ninguno.",
  "Four missing values were seen in seven women only; there the interval is too narrow.":
    "Solo a siete mujeres les faltaban cuatro valores; ahí el intervalo es demasiado estrecho.",
  "A prediction between 25 % and 75 % leaves the matter open: there the class is right little more often than a coin.":
    "Una predicción entre el 25 % y el 75 % deja la cuestión abierta: ahí la clase acierta poco más que una moneda.",
};
