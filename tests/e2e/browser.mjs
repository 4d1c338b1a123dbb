// How Chromium is started, as root too.
export const LAUNCH = {
  executablePath: process.env.WARDIAN_BROWSER,
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
};
