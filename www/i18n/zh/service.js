export default {
  "offline.starting": "正在准备离线使用……",
  "offline.ready": "已可离线使用。",
  "offline.none": "浏览器在此网址下无法保存离线副本：需要 https 网址，或在本机上打开。",
  "offline.failed": "未能完成离线准备。（{reason}）",
  "offline.single": "这是单文件版：放在哪里都能用，断网也能用。",
  single: "下载单文件版",
  "single.help": "可留存，也可放在 U 盘里直接打开，无需其他文件。",
  update: "新版本已就绪，已填写的内容会保留。",
  "update.now": "立即更新",
};
