// Copies or prints the tracking code. Without this script the two buttons stay hidden.
(() => {
  "use strict";
  const show = () => {
    for (const tools of document.querySelectorAll("[data-code-tools]")) tools.hidden = false;
  };

  document.addEventListener("click", async (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-copy], [data-print]") : null;
    if (!button) return;
    if (button.hasAttribute("data-print")) return window.print();
    const said = document.querySelector("[data-copy-said]");
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      said.textContent = button.dataset.copied;
    } catch {
      said.textContent = button.dataset.notCopied;
    }
  });

  document.addEventListener("spheres:page", show);
  show();
})();
