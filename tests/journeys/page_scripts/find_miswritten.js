/* What neither axe nor the reader sees: lists without items, times that HTML does not know, what plays by itself (of
   which axe is not asked, because it would load each style sheet anew to know). */
() => {
  const date = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/;
  const lists = [...document.querySelectorAll("ul, ol, dl")].filter(each => !each.children.length);
  const times = [...document.querySelectorAll("time")].filter(each => !date.test(each.dateTime));
  const players = [...document.querySelectorAll("[autoplay]")];
  const places = [...document.querySelectorAll("nav")].filter(
    each => each.querySelectorAll('[aria-current="page"]').length > 1);
  const colons = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const node = texts.currentNode;
    const isFrench = node.parentElement.closest("[lang]")?.lang.startsWith("fr");
    const isCode = node.parentElement.closest("code, pre, script, style, textarea, template, bdi");
    if (isFrench && !isCode && /(^|[\p{L}\d)»]):\s/u.test(node.data)) colons.push(node.data.trim());
  }
  return [
    ...lists.map(each => `${each.outerHTML}: empty`),
    ...times.map(each => `${each.outerHTML}: no date of HTML`),
    ...players.map(each => `${each.outerHTML}: plays by itself`),
    ...places.map(each => `${each.outerHTML}: more than one place is the current one`),
    ...colons.map(each => `${each}: no space before a colon in French`),
  ];
}
