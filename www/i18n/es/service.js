export default {
  "offline.starting": "Preparando el uso sin conexión…",
  "offline.ready": "Lista para usarse sin conexión.",
  "offline.none": "Este navegador no guarda aquí una copia para usar sin conexión: hace falta una dirección https o la de este mismo equipo.",
  "offline.failed": "No se pudo preparar el uso sin conexión. ({reason})",
  "offline.single": "Este es el archivo único: funciona dondequiera que esté, también sin conexión.",
  single: "Toda la página en un solo archivo",
  "single.help": "para guardarla o abrirla desde una memoria USB; no hace falta nada más.",
  update: "Hay una nueva versión lista. Lo que ha escrito se conserva.",
  "update.now": "Usarla ahora",
};
