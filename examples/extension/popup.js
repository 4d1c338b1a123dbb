import { answered } from "./answered.js";

const show = (id, text) => {
  document.getElementById(id).value = text;
};

document.getElementById("row").addEventListener("input", async ({ target }) => {
  show("here", answered(target.value));
  show("background", await chrome.runtime.sendMessage({ row: target.value }));
});
