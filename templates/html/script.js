"use strict";
// Search and filters. Everything can be read without; nothing is loaded, kept or sent.
(() => {
  const form = document.getElementById("find");
  const found = document.getElementById("found");
  const text = document.getElementById("find-text");
  const tone = document.getElementById("find-tone");
  const target = document.getElementById("find-target");
  const unfold = document.getElementById("unfold");

  const rows = Array.from(document.querySelectorAll("[data-row]"), (row) => ({
    row,
    words: row.textContent.toLowerCase(),
    tone: row.dataset.tone,
    targets: row.dataset.targets.split(" "),
    lossy: row.hasAttribute("data-lossy"),
    // Rows of the picture's table belong to no target.
    always: row.hasAttribute("data-always"),
    details: Array.from(row.querySelectorAll("details"), (box) => ({ box, words: box.textContent.toLowerCase() })),
  }));
  // Inner groups come after the outer ones that hold them.
  const groups = Array.from(document.querySelectorAll("[data-group]")).reverse();
  const opened = new Set();

  function suits(entry, terms) {
    const wanted = tone ? tone.value : "";
    const fits = wanted === "" || entry.tone === wanted
      || (wanted === "changed" && entry.tone !== "") || (wanted === "lossy" && entry.lossy);
    const meant = !target || target.value === "" || entry.always || entry.targets.includes(target.value);
    return fits && meant && terms.every((term) => entry.words.includes(term));
  }

  // Details that hold what is searched for open, and close again when it is no longer searched for.
  function open(entry, terms) {
    for (const { box, words } of entry.details) {
      const hit = terms.length > 0 && terms.some((term) => term.length > 1 && words.includes(term));
      if (hit && !box.open) {
        box.open = true;
        opened.add(box);
      } else if (!hit && opened.has(box)) {
        box.open = false;
        opened.delete(box);
      }
    }
  }

  function apply() {
    const terms = text.value.toLowerCase().split(/\s+/).filter((term) => term !== "");
    let shown = 0;
    for (const entry of rows) {
      const fits = suits(entry, terms);
      entry.row.hidden = !fits;
      shown += fits ? 1 : 0;
      open(entry, fits ? terms : []);
    }
    for (const group of groups) {
      const some = group.querySelector("[data-row]:not([hidden])") !== null;
      if (group.tagName === "TBODY") {
        group.hidden = !some;
        continue;
      }
      const none = group.querySelector(".none");
      if (none) {
        none.hidden = some;
        for (const table of group.querySelectorAll("table")) {
          table.hidden = !some;
        }
      }
    }
    const all = terms.length === 0 && (!tone || tone.value === "") && (!target || target.value === "");
    found.textContent = all ? `${rows.length} entries` : `${shown} of ${rows.length} entries match`;
  }

  function press(on) {
    unfold.setAttribute("aria-pressed", String(on));
    for (const box of document.querySelectorAll("details")) {
      box.open = on;
    }
    opened.clear();
  }

  let waiting = 0;
  text.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(apply, 120);
  });
  form.addEventListener("change", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(apply));
  unfold.addEventListener("click", () => press(unfold.getAttribute("aria-pressed") !== "true"));

  // A link to a rule that is filtered out shows everything again.
  window.addEventListener("hashchange", () => {
    const place = location.hash ? document.getElementById(location.hash.slice(1)) : null;
    const hidden = place && place.closest("[hidden]");
    if (hidden) {
      form.reset();
      setTimeout(() => place.scrollIntoView());
    }
  });

  // Paper has no details to open.
  const closed = [];
  window.addEventListener("beforeprint", () => {
    for (const box of document.querySelectorAll("details:not([open])")) {
      box.open = true;
      closed.push(box);
    }
  });
  window.addEventListener("afterprint", () => {
    for (const box of closed.splice(0)) {
      box.open = false;
    }
  });

  form.hidden = false;
  apply();
})();
