"use strict";
(() => {
  const show = () => {
    const aim = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!aim) return;
    for (let above = aim; above; above = above.parentElement) if (above.tagName === "DETAILS") above.open = true;
    aim.scrollIntoView({block: aim.tagName === "DETAILS" ? "start" : "center", inline: "center"});
    (aim.querySelector("a[href], summary") || aim).focus({preventScroll: true});
    aim.style.animation = "none";
    aim.getBoundingClientRect();
    aim.style.animation = "";
  };
  addEventListener("hashchange", show);
  addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (link && link.hash === location.hash) { event.preventDefault(); show(); }
  });
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    closed.forEach((each) => { each.open = true; });
  });
  addEventListener("afterprint", () => closed.forEach((each) => { each.open = false; }));
  show();
})();
