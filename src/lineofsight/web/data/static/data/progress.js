// How far a load is, looked at every two seconds; without this script the page loads itself again.
const EVERY = 2000;
const UNTIL = Date.now() + 30 * 60 * 1000; // an unwatched page does not stay signed in by asking

async function look() {
  const answer = await fetch(location.href, { headers: { "X-Part": "progress" }, redirect: "manual" });
  if (!answer.ok) {
    location.reload();
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const part = page.getElementById("progress");
  if (!part || part.hasAttribute("data-over")) {
    location.reload();
    return;
  }
  const here = document.getElementById("progress");
  if (here.innerHTML !== part.innerHTML) here.replaceChildren(...part.childNodes);
  again();
}

function again() {
  if (Date.now() < UNTIL) setTimeout(() => look().catch(again), EVERY);
}

if (document.getElementById("progress")) again();
