/* Remembers what the page is before it is changed. Returns the shape of each of its parts: elements, what decides how
   axe judges them, and whether they hold text, the same beside each other once. */
() => {
  const menus = [...document.querySelectorAll(".menu:not([open])")];
  const asked = {light: new Map(), dark: new Map()};
  window.looked = {menus, shown: {}, laid: {}, sizes: {}, colours: {}, asked, at: []};
  const isSo = query => matchMedia(query).matches;
  const leadsTo = value => value.split(" ").map(each => document.getElementById(each)?.localName).join();
  const said = ({name, value}) => {
    if (/^(for|aria-(labelledby|describedby|controls))$/.test(name)) return name + leadsTo(value);
    if (name === "href" && value.startsWith("#")) return name + leadsTo(value.slice(1));
    const counts = /^(class|role|type|scope|tabindex|open|autocomplete|aria-(?!label).*)$/.test(name);
    return counts ? name + value : name + !value.trim();
  };
  const alone = each => {
    const attributes = [...each.attributes].filter(({name}) => !["checked", "selected"].includes(name));
    return `${each.localName} ${attributes.map(said).sort().join(" ")}`;
  };
  const isText = each => each.nodeType === Node.TEXT_NODE && each.data.trim();
  const shape = each => {
    const inside = each.localName === "svg" ? [] : [...each.childNodes];
    const shapes = inside.map(child => child.nodeType === Node.ELEMENT_NODE ? shape(child) : isText(child) && "…");
    return `<${alone(each)}>${[...new Set(shapes)].filter(each => each).join("")}</>`;
  };
  const shapes = each => each.matches("body, main, main > :only-child")
    ? [`${alone(each)} ${[...each.childNodes].some(isText)}`, ...[...each.children].flatMap(shapes)] : [shape(each)];
  return [shapes(document.body), typeof axe !== "undefined", innerWidth, innerHeight,
    isSo("(prefers-color-scheme: dark)") ? "dark" : "light", isSo("(prefers-reduced-motion: reduce)")];
}
