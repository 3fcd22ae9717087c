// What a reader may never come to is fetched when it comes near the window.

export function whenNear(element: HTMLElement, act: () => void): void {
  const watch = new IntersectionObserver(
    (entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      watch.disconnect();
      act();
    },
    { rootMargin: '400px' },
  );
  watch.observe(element);
}
