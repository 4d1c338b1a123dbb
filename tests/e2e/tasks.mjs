// How long a page's thread is busy at a time.

/**
 * How long the tasks of the page's thread were while `work` was done, in milliseconds of that thread's own time. By the
 * clock they are longer on a machine that does something else as well: 355 ms were seen on one with ten times as much to do as it had cores.
 * Of a rare task the browser tells no time of its thread: then the clock's is taken, which is no shorter. The one that runs when the
 * trace ends has neither, and is counted from its beginning to the last event of the trace.
 */
export async function tasksOf(browser, page, work) {
  await browser.startTracing(page, { categories: ["disabled-by-default-devtools.timeline"] });
  await work();
  const { traceEvents } = JSON.parse(await browser.stopTracing());
  // Not those of a frame that has a process of its own.
  const { frames } = traceEvents.find(({ name }) => name === "TracingStartedInBrowser").args.data;
  const own = frames.find(({ isInPrimaryMainFrame }) => isInPrimaryMainFrame).processId;
  const isOwn = ({ name, args, pid }) => name === "thread_name" && args.name === "CrRendererMain" && pid === own;
  const threads = new Set(traceEvents.filter(isOwn).map(({ pid, tid }) => `${pid} ${tid}`));
  const end = traceEvents.reduce((latest, { ts }) => Math.max(latest, ts ?? 0), 0);
  return traceEvents
    .filter(({ name, ph, pid, tid }) => name === "RunTask" && ph !== "E" && threads.has(`${pid} ${tid}`))
    .map(({ tdur, dur, ts }) => (tdur ?? dur ?? end - ts) / 1000);
}
