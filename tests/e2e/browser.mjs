// How Chromium is started, as root too.
export const LAUNCH = {
  /** Playwright would name a browser of its own that is not there, and say to install it. */
  get executablePath() {
    const { WARDIAN_BROWSER } = process.env;
    if (!WARDIAN_BROWSER) {
      throw new Error("no browser is named: WARDIAN_BROWSER=/usr/bin/chromium (CONTRIBUTING.md, The fast loop); cargo xtask test --only e2e finds one itself");
    }
    return WARDIAN_BROWSER;
  },
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
};
