/* Asks axe for what breaks rules on the page, and for the contrast of texts and links that look unlike those that
   passed. Returns that, with the looks of the texts that pass now and the screens on which there are others.

   From a second screen axe is asked for what is shown there only, and for what scrolls there. It is asked for the room of
   targets where there may be too little: where one is smaller than 24 pixels and has another within 24 around its middle,
   or where something is laid over it; that rule took half of its time. What is laid over something else has no look: it
   is asked on each page. */
async ([width, scheme, rules, ofWhole, ofColour, looks, passed, isPhone]) => {
  const {menus, shown, laid, sizes, colours, asked, at} = window.looked;
  if (isPhone) for (const each of menus) each.open = false;
  const isWide = document.documentElement.scrollWidth > innerWidth;
  for (const each of menus) each.open = true;
  const showIn = (each, found) => {
    const box = each.getBoundingClientRect();
    if (box.width <= 1 && box.height <= 1 && getComputedStyle(each).overflow !== "visible") return found;
    if (each.checkVisibility({visibilityProperty: true})) found.add(each);
    for (const child of each.children) showIn(child, found);
    return found;
  };
  const before = Object.values(shown)[0];
  const here = shown[width] = showIn(document.body, new Set());
  const isField = each => each.matches("input, select, textarea");
  const hasText = each => isField(each)
    || [...each.childNodes].some(child => child.nodeType === Node.TEXT_NODE && child.data.trim());
  const blockAround = each => {
    let found = each.parentElement;
    while (getComputedStyle(found).display.startsWith("inline")) found = found.parentElement;
    return found;
  };
  const isInText = each => {
    const block = blockAround(each), texts = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const holder = texts.currentNode.parentElement.closest("a, button, label, summary");
      if (texts.currentNode.data.trim() && !(holder && block.contains(holder))) return true;
    }
    return false;
  };
  const lookAmong = (link, scheme) => {
    if (!link || !isInText(link)) return "";
    const {textDecorationLine, fontWeight, fontStyle, borderBottom, color} = getComputedStyle(link);
    const around = getComputedStyle(blockAround(link)).color;
    return `${textDecorationLine} ${fontWeight} ${fontStyle} ${borderBottom} ${color} among ${around}`;
  };
  const look = () => {
    const grounds = new Map([[null, ""]]), covers = new Map([[null, ""]]), laidHere = new Map([[null, false]]);
    [sizes[width], colours[scheme]] = [new Map(), new Map()];
    laid[width] = laidHere;
    for (const each of document.querySelectorAll("html, body, body *")) {
      const style = getComputedStyle(each);
      const {position, backgroundColor, backgroundImage, opacity, filter} = style;
      const isOpaque = backgroundColor.startsWith("rgb(");
      const cover = `${opacity} ${filter}`, ground = `${backgroundColor} ${backgroundImage} ${cover}`;
      covers.set(each, covers.get(each.parentElement) + (cover === "1 none" ? "" : cover));
      const below = isOpaque && covers.get(each) === "" ? "" : grounds.get(each.parentElement);
      grounds.set(each, ground === "rgba(0, 0, 0, 0) none 1 none" ? below : `${below} ${ground}`);
      const isOver = ["absolute", "fixed", "sticky"].includes(position);
      laidHere.set(each, !isOpaque && (isOver || laidHere.get(each.parentElement)));
      if (!hasText(each)) continue;
      const {color, fill, textShadow, fontSize, fontWeight} = style;
      const isDisabled = each.closest(":disabled, [aria-disabled=true]") !== null;
      const own = [isField(each) && each.localName, color, fill, textShadow, isDisabled, grounds.get(each)];
      colours[scheme].set(each, [...own, lookAmong(each.closest("a[href]"))].join(" "));
      const points = parseFloat(fontSize) * 0.75;
      sizes[width].set(each, points >= (fontWeight >= 700 ? 14 : 18) ? "large" : "small");
    }
  };
  const lookOf = (each, width, scheme) =>
    laid[width].get(each) === false ? `${colours[scheme].get(each)} ${sizes[width].get(each)}` : each;
  const unlike = (width, scheme) => {
    const known = new Set(passed);
    return [...shown[width]].filter(each => sizes[width].has(each)).filter(each => {
      const look = lookOf(each, width, scheme);
      return !known.has(look) && asked[scheme].get(each) !== look;
    });
  };
  const small = () => {
    const boxes = [...here].map(each => [each, each.getBoundingClientRect()]);
    const targets = "a[href], area, button, input, select, summary, textarea, [contenteditable], "
      + "[tabindex]:not([tabindex='-1']), audio[controls], video[controls], iframe";
    const hasNeighbour = (each, box) => {
      const x = (box.left + box.right) / 2, y = (box.top + box.bottom) / 2;
      return boxes.some(([other, its]) => other !== each && other.matches(targets) && its.left < x + 24
        && its.right > x - 24 && its.top < y + 24 && its.bottom > y - 24);
    };
    const isFree = (each, box, over) => {
      if (!over.length) return true;
      if (box.top < 0 || box.left < 0 || box.bottom > innerHeight || box.right > innerWidth) return false;
      for (let x = box.left + 1; x < box.right; x += 8)
        for (let y = box.top + 1; y < box.bottom; y += 8)
          if (!each.contains(document.elementFromPoint(x, y))) return false;
      return true;
    };
    return boxes.filter(([each, box]) => {
      if (!each.matches(targets)) return false;
      const style = getComputedStyle(each);
      if (style.display === "inline" && !blockAround(each).querySelector("br, hr") && isInText(each)) return false;
      const isSmall = box.width < 24 || box.height < 24;
      if (each.querySelector(targets) || (isSmall && hasNeighbour(each, box))) return true;
      const over = boxes.filter(([other, its]) => its.left < box.right && its.right > box.left
        && its.top < box.bottom && its.bottom > box.top && !other.contains(each) && !each.contains(other));
      return !isFree(each, box, over);
    }).map(([each]) => each);
  };
  const scrolling = () => [...here].filter(each => {
    const isMore = each.scrollWidth > each.clientWidth || each.scrollHeight > each.clientHeight;
    const {overflowX, overflowY} = isMore ? getComputedStyle(each) : {};
    return isMore && [overflowX, overflowY].some(how => how === "auto" || how === "scroll");
  });
  const leadsNowhere = () => [...document.querySelectorAll("a[href^='#']")].some(
    each => !here.has(document.getElementById(each.hash.slice(1))));
  const found = [];
  const run = async (where, runOnly, resultTypes = ["violations"]) => {
    const ofOthers = Object.fromEntries([...ofColour, "target-size"].map(each => [each, {enabled: false}]));
    const options = runOnly === rules ? {rules: ofOthers} : {};
    const told = await axe.run(
      where, {runOnly, resultTypes, elementRef: true, selectors: false, preload: false, ...options});
    found.push(...told.violations.flatMap(
      each => each.nodes.map(node => `${each.id} ${node.html.slice(0, 99)} ${node.failureSummary}`)));
    return told.passes.filter(each => each.id === "color-contrast").flatMap(each => each.nodes);
  };
  const isNew = each => !before.has(each) && before.has(each.parentElement) && !passed.includes(each.outerHTML);
  const added = before ? [...here].filter(isNew) : [document];
  if (added.length) await run({include: added}, rules);
  if (before) {
    passed.push(...added.map(each => each.outerHTML).filter(each => each.length < 200));
    if (added.length || leadsNowhere()) await run(document, ofWhole);
    const wide = scrolling();
    if (wide.length) await run({include: wide}, ["scrollable-region-focusable"]);
  }
  const targets = small();
  if (targets.length) await run({include: targets}, ["target-size"]);
  const missing = [];
  if (looks) {
    look();
    at.push(`${width} ${scheme}`);
    const texts = unlike(width, scheme);
    const links = texts.map(each => each.closest("a[href]")).filter(each => each);
    const passes = texts.length ? await run({include: [...texts, ...links]}, ofColour, ["violations", "passes"]) : [];
    for (const each of texts) asked[scheme].set(each, lookOf(each, width, scheme));
    passed.push(...passes.map(node => node.element).filter(each => sizes[width].has(each))
      .map(each => lookOf(each, width, scheme)).filter(each => typeof each === "string"));
    for (const width of Object.keys(shown))
      for (const scheme of Object.keys(colours))
        if (!at.includes(`${width} ${scheme}`) && unlike(width, scheme).length) missing.push([Number(width), scheme]);
  }
  return [isWide, found, passed, missing];
}
