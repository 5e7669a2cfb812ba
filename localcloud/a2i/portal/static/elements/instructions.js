// Instructions of either kind open by "?" and by the portal's button: the first on the page.

import { isPlain, isTyping } from "./keys.js";
import { hearPortal } from "./portal-link.js";

const INSTRUCTIONS = "full-instructions, crowd-instructions";

const first = () => [...document.querySelectorAll(INSTRUCTIONS)].find((each) => each.filled);

export const hasInstructions = () => first() !== undefined;

export function answerCallsForInstructions() {
  hearPortal("portal:instructions", () => first()?.open());
  document.addEventListener("keydown", (event) => {
    if (event.key === "?" && isPlain(event) && !isTyping(event)) first()?.open();
  });
}
