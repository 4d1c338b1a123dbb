export default {
  "offline.starting": "Being made ready for use offline…",
  "offline.ready": "Ready for use offline.",
  "offline.none": "This browser keeps no copy for use offline here: that needs an https address, or this machine's own.",
  "offline.failed": "Could not be made ready for use offline. ({reason})",
  "offline.single": "This is the single file: it works wherever it is, offline too.",
  single: "The whole page as one file",
  "single.help": "to keep, or to open from a USB stick; nothing else is needed.",
  update: "A new version is ready. What you have typed stays.",
  "update.now": "Use it now",
};
