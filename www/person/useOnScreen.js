import { useEffect, useState } from "preact/hooks";

/** Whether the element of a ref is in the window, at least in part. */
export function useOnScreen(ref) {
  const [isOnScreen, setIsOnScreen] = useState(true);
  useEffect(() => {
    const observer = new IntersectionObserver(([entry]) => setIsOnScreen(entry.isIntersecting), { rootMargin: "0px 0px -96px 0px" });
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, []);
  return isOnScreen;
}
