"use strict";
// Sorts and filters the table. What is chosen stands in the address, so that it can be linked:
// #sort=overall-desc&show=flagged&find=berlin
(() => {
  const table = document.getElementById("answers");
  const controls = document.getElementById("controls");
  if (!table || !controls) return;
  const find = document.getElementById("find");
  const show = document.getElementById("show");
  const count = document.getElementById("count");
  const heads = Array.from(table.tHead.rows[0].cells);
  const rows = Array.from(table.tBodies[0].rows, (row, place) => ({
    row, place, words: row.textContent.toLowerCase(), tags: (row.dataset.tags || "").split(" "),
  }));
  const alphabet = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
  let sorted = { key: "", down: false };

  const valueOf = (row, at) => {
    const cell = row.cells[at];
    if (heads[at].dataset.kind === "text") return cell.textContent.trim();
    return cell.dataset.v === undefined ? null : Number(cell.dataset.v);
  };

  // What has no value stands last, whichever way the others are sorted.
  const inOrder = (at) => (one, other) => {
    if (one.value === null || other.value === null) {
      return (one.value === null) - (other.value === null) || one.place - other.place;
    }
    const order = heads[at].dataset.kind === "text"
      ? alphabet.compare(one.value, other.value) : one.value - other.value;
    return (sorted.down ? -order : order) || one.place - other.place;
  };

  const draw = () => {
    const at = heads.findIndex((head) => head.dataset.key === sorted.key);
    heads.forEach((head, place) => {
      if (place === at) head.setAttribute("aria-sort", sorted.down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
    let order = rows;
    if (at >= 0) {
      rows.forEach((each) => { each.value = valueOf(each.row, at); });
      order = rows.slice().sort(inOrder(at));
    }
    const asked = find.value.trim().toLowerCase();
    let shown = 0;
    order.forEach((each) => {
      const fits = each.words.includes(asked) && (!show.value || each.tags.includes(show.value));
      each.row.hidden = !fits;
      shown += fits;
    });
    table.tBodies[0].append(...order.map((each) => each.row));
    count.textContent = shown === rows.length ? `${shown} answers` : `${shown} of ${rows.length} answers`;
  };

  const remember = () => {
    const state = new URLSearchParams();
    if (sorted.key) state.set("sort", `${sorted.key}-${sorted.down ? "desc" : "asc"}`);
    if (show.value) state.set("show", show.value);
    if (find.value) state.set("find", find.value);
    history.replaceState(null, "", `#${state}`);
    draw();
  };

  // A fragment that names no choice is the place of an answer: what was chosen stays.
  const recall = () => {
    const state = new URLSearchParams(location.hash.slice(1));
    if (!["sort", "show", "find"].some((name) => state.has(name))) return;
    const parts = /^(.*)-(asc|desc)$/.exec(state.get("sort") || "");
    sorted = parts ? { key: parts[1], down: parts[2] === "desc" } : { key: "", down: false };
    show.value = state.get("show") || "";
    if (show.selectedIndex < 0) show.value = "";
    find.value = state.get("find") || "";
    draw();
  };

  heads.forEach((head) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const first = head.dataset.kind === "number";
      const again = sorted.key === head.dataset.key;
      sorted = { key: head.dataset.key, down: again ? !sorted.down : first };
      remember();
    });
  });
  controls.addEventListener("submit", (event) => event.preventDefault());
  find.addEventListener("input", remember);
  show.addEventListener("change", remember);
  addEventListener("hashchange", recall);
  controls.hidden = false;
  draw();
  recall();
})();
