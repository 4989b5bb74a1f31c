// A page that was left open tells nothing once its session is over, with or without the server (ASVS 14.3.1).
// The body says after how many minutes without use a session ends; using any page of the same browser counts for all
// of them, and signing out, or arriving at the sign-in page because the session was over, clears every other page.

const LIMIT = Number(document.body.dataset.clearAfter) * 60_000;
const pages = new BroadcastChannel("line-of-sight");
const signedIn = LIMIT > 0;
let used = Date.now();

function clear() {
  const left = document.getElementById("los-left");
  if (!left) return;
  document.title = left.dataset.title;
  document.body.replaceChildren(left.content.cloneNode(true));
}

function look() {
  if (Date.now() - used >= LIMIT) clear();
}

if (signedIn) {
  pages.addEventListener("message", ({ data }) => {
    if (data === "used") used = Date.now();
    if (data === "left") clear();
  });
  pages.postMessage("used");
  setInterval(look, 15_000);
  document.addEventListener("visibilitychange", look);
  // A page the browser kept to go back to may be of a session that is over: ask the server for it.
  addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
  document.querySelector("[data-sign-out]")?.addEventListener("submit", () => pages.postMessage("left"));
} else if (document.querySelector("[data-session-over]")) {
  pages.postMessage("left");
}
