// The list of jobs stays current while it is looked at.

const EVERY = 10_000;

async function refresh() {
  if (document.hidden) return;
  let response;
  try {
    response = await fetch("/", { redirect: "manual" });
  } catch {
    return; // The portal is away for a moment; the next turn tries again.
  }
  if (!response.ok) {
    location.reload();
    return;
  }
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const [now, then] = [page, document].map((each) => each.querySelector("main"));
  if (now && now.innerHTML !== then.innerHTML) {
    const focused = document.activeElement?.id;
    then.innerHTML = now.innerHTML;
    if (focused) document.getElementById(focused)?.focus();
  }
}

setInterval(refresh, EVERY);
document.addEventListener("visibilitychange", refresh);
