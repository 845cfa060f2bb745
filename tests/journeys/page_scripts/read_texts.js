/* Each block of text with the language that it says it is in. */
() => {
  const found = new Map();
  const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  const block = (node) => {
    let at = node.parentElement;
    while (at && getComputedStyle(at).display.startsWith("inline") && at.parentElement
           && at.closest("[lang]") === at.parentElement.closest("[lang]")) at = at.parentElement;
    return at;
  };
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (!parent || parent.closest("script, style, template, noscript") || !walker.currentNode.data.trim()) continue;
    const holder = block(walker.currentNode);
    found.set(holder, (found.get(holder) || "") + " " + walker.currentNode.data);
  }
  const texts = [...found].map(([holder, text]) => [holder.closest("[lang]").lang, text.replace(/\s+/g, " ").trim()]);
  for (const each of document.querySelectorAll("[aria-label], [title], [placeholder], [alt]"))
    for (const name of ["aria-label", "title", "placeholder", "alt"])
      if (each.getAttribute(name)) texts.push([each.closest("[lang]").lang, each.getAttribute(name)]);
  return texts;
}
