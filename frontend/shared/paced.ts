// What happens often is followed up in a while, not each time.

const SHARE = 5;

/** Asking for it does `work` once after `wait` milliseconds, however often it is asked for meanwhile; after work that
 * took long the next waits longer, so that it never takes more than a fifth of the time. Where it goes on and on, it is
 * done once in `apart` milliseconds: what comes alone is seen at once, a flood in steps that eyes can follow.
 */
export function paced(wait: number, work: () => Promise<void>, apart = 0): () => void {
  let planned = false;
  let pause = wait;
  let began = -Infinity;
  const doIt = async (): Promise<void> => {
    planned = false;
    began = performance.now();
    await work();
    pause = Math.max(wait, SHARE * (performance.now() - began));
  };
  return () => {
    if (planned) return;
    planned = true;
    window.setTimeout(() => void doIt(), Math.max(pause, began + apart - performance.now()));
  };
}
