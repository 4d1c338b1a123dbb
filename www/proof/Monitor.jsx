import { useRef } from "preact/hooks";
import { memoryBytes } from "wardian/wardian.js";
import { percentiles } from "../app/latency.js";
import { counted, watchedWorkers } from "../app/meter.js";
import { Wide } from "../app/Wide.jsx";
import { useLanguage } from "../i18n/index.js";
import { clockStep } from "./clock.js";
import { useTicks } from "./useTicks.js";

const SECOND = 1000;
const SHARES = [0.5, 0.95, 0.99];

/** The share of the time since the last second began that each worker has worked. */
function useLoads() {
  const last = useRef({ at: -Infinity, busy: new Map(), loads: [] });
  const now = performance.now();
  const { at, busy } = last.current;
  // Drawn again for another reason than time's, what was measured last still holds.
  if (now - at > SECOND / 2) {
    const workers = watchedWorkers();
    last.current = {
      at: now,
      busy: new Map(workers.map((worker) => [worker, worker.busy])),
      loads: workers.map((worker) => Math.min(1, (worker.busy - (busy.get(worker) ?? worker.busy)) / (now - at))),
    };
  }
  return last.current.loads;
}

function Served() {
  const { t, number } = useLanguage();
  const milliseconds = (value) => number(value, { style: "unit", unit: "millisecond", maximumFractionDigits: 2 });
  const taken = (value) => (value < clockStep() ? t("proof.below", { value: milliseconds(clockStep()) }) : milliseconds(value));
  return (
    <Wide label={t("proof.served")}>
      <table class="figures-table" id="served">
        <caption>{t("proof.served")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("proof.served.by")}</th>
            <th scope="col">{t("proof.served.count")}</th>
            {SHARES.map((share) => <th scope="col" key={share}>{t("proof.served.percentile", { share: share * 100 })}</th>)}
          </tr>
        </thead>
        <tbody>
          {Object.entries(counted()).map(([who, count]) => {
            const times = who === "rows" ? undefined : percentiles(who, SHARES);
            return (
              <tr key={who}>
                <th scope="row">{t(`proof.served.${who}`)}</th>
                <td id={`served-${who}`}>{number(count)}</td>
                {SHARES.map((share, index) => <td key={share}>{times === undefined ? "–" : taken(times[index])}</td>)}
              </tr>
            );
          })}
        </tbody>
      </table>
    </Wide>
  );
}

function Memory() {
  const { t, number } = useLanguage();
  const size = (bytes) => number(bytes / 1e6, { style: "unit", unit: "megabyte", maximumFractionDigits: 1 });
  const heap = performance.memory?.usedJSHeapSize;
  const workers = watchedWorkers();
  return (
    <section aria-labelledby="memory-title">
      <h3 id="memory-title">{t("proof.memory")}</h3>
      <dl>
        <div><dt>{t("proof.memory.model")}</dt><dd id="memory-model">{size(memoryBytes())}</dd></div>
        <div><dt>{t("proof.memory.workers")}</dt><dd>{workers.length === 0 ? "–" : size(workers.reduce((sum, { memory }) => sum + memory, 0))}</dd></div>
        <div><dt>{t("proof.memory.scripts")}</dt><dd>{heap === undefined ? t("proof.untold") : size(heap)}</dd></div>
      </dl>
    </section>
  );
}

function Workers() {
  const { t, percent } = useLanguage();
  const loads = useLoads();
  return (
    <section aria-labelledby="workers-title">
      <h3 id="workers-title">{t("proof.workers")}</h3>
      {loads.length === 0 ? <p class="help">{t("proof.workers.none")}</p> : (
        <ol class="loads">
          {loads.map((load, index) => (
            <li key={index}>
              <span>{t("proof.worker", { number: index + 1 })}</span>
              <span class="load" aria-hidden="true"><span style={{ width: `${load * 100}%` }} /></span>
              <span>{percent(load)}</span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

/** What the page is doing, as long as somebody looks. */
export function Monitor() {
  const { t } = useLanguage();
  const ref = useTicks(SECOND);
  return (
    <article ref={ref} class="card monitor" aria-labelledby="monitor-title">
      <h2 id="monitor-title">{t("proof.monitor")}</h2>
      <p class="help">{t("proof.monitor.help")}</p>
      <Served />
      <Memory />
      <Workers />
    </article>
  );
}
