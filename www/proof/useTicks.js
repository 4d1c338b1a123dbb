import { useEffect, useRef, useState } from "preact/hooks";

/**
 * Draws a component again every `period` milliseconds while its element is in sight: a hidden panel, a hidden page and a
 * panel scrolled away cost nothing. The ref is for the element.
 */
export function useTicks(period) {
  const ref = useRef();
  const [, setTick] = useState(0);
  useEffect(() => {
    let timer;
    let isInSight = false;
    const draw = () => setTick((tick) => tick + 1);
    const update = () => {
      clearInterval(timer);
      timer = undefined;
      if (isInSight && document.visibilityState === "visible") {
        draw();
        timer = setInterval(draw, period);
      }
    };
    const observer = new IntersectionObserver((entries) => {
      isInSight = entries.at(-1).isIntersecting;
      update();
    });
    observer.observe(ref.current);
    document.addEventListener("visibilitychange", update);
    return () => {
      clearInterval(timer);
      observer.disconnect();
      document.removeEventListener("visibilitychange", update);
    };
  }, []);
  return ref;
}
