// Takes the passage that is selected along to the form for reporting a problem, where it would be chosen from a list otherwise.
"use strict";

(() => {
  const link = document.querySelector("a.report-link");
  const text = document.querySelector(".prose");
  if (!link || !text) return;
  document.addEventListener("selectionchange", () => {
    const selection = getSelection();
    if (selection.isCollapsed || !text.contains(selection.anchorNode)) return;
    const url = new URL(link.href);
    url.searchParams.set("passage", selection.toString().trim().slice(0, 200));
    link.href = url;
  });
})();
