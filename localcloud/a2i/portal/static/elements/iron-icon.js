// <iron-icon>: an icon by its name, such as "search" or "maps:place", or by the URL of an image.

import { LitElement, css, html } from "../../vendor/lit.js";

const URL_LIKE = /[/.]/;

export class IronIcon extends LitElement {
  static properties = { icon: {}, src: {} };
  static styles = css`
    :host { display: inline-flex; width: 1.5em; height: 1.5em; vertical-align: -0.35em; }
    :host([hidden]) { display: none; }
    svg, img { width: 100%; height: 100%; fill: currentcolor; object-fit: contain; }
  `;

  connectedCallback() {
    super.connectedCallback();
    // Beside words it repeats them; alone it has to say what it is.
    if (this.ariaHidden || this.parentElement?.textContent.trim()) return;
    this.role = "img";
    this.ariaLabel ??= (this.icon ?? "icon").split(":").at(-1).replaceAll("-", " ");
  }

  render() {
    const url = this.src ?? (URL_LIKE.test(this.icon) ? this.icon : undefined);
    return url ? html`<img src=${url} alt="">` : html`<slot></slot>`;
  }

  async updated(changed) {
    if (!changed.has("icon") || !this.icon || URL_LIKE.test(this.icon)) return;
    // Two thousand icons, built into a file of their own beside this script.
    const { icon } = await import("./icons.js");
    const name = this.icon.split(":").at(-1).replaceAll("-", "_");
    // A name that is not there leaves its place empty.
    const drawn = await icon(name).then((found) => found.default, () => "");
    this.renderRoot.querySelector("svg")?.remove();
    this.renderRoot.append(document.createRange().createContextualFragment(drawn));
  }
}
