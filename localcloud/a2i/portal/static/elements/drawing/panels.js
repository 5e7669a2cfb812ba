// What is around the image of a drawing element: labels, tools, help, and what was drawn.

import { html, ifDefined, nothing, styleMap } from "../../../vendor/lit.js";

const ZOOM = 1.25;

const swatch = (colour) => colour && html`
  <span class="swatch" style=${styleMap({ background: colour })}></span>`;

export function labelsPanel(element) {
  return html`
    <div class="labels" role="group" aria-label="Labels">
      ${element.choices.map((choice, index) => html`
        <button type="button" aria-pressed=${String(index === element.label)}
          aria-keyshortcuts=${ifDefined(index < 9 ? String(index + 1) : undefined)}
          @click=${() => element.chooseLabel(index)}>
          ${swatch(element.colours[index])}
          <span class="text">${element.labelText(choice)}</span>
          ${index < 9 ? html`<kbd aria-hidden="true">${index + 1}</kbd>` : nothing}
        </button>`)}
    </div>`;
}

export function toolbar(element) {
  const { history, tool, tools, workspace, zoom } = element;
  return html`
    <div class="tools" role="toolbar" aria-label="Tools">
      ${tools.map(([name, key]) => html`
        <button type="button" aria-pressed=${String(tool === name)} aria-keyshortcuts=${key}
          @click=${() => element.takeTool(name)}>${name}</button>`)}
      ${element.extraTools()}
      <span class="group">
        <button type="button" ?disabled=${!history.canUndo} @click=${() => element.undo()}>
          Undo</button>
        <button type="button" ?disabled=${!history.canRedo} @click=${() => element.redo()}>
          Redo</button>
      </span>
      <span class="group">
        <button type="button" aria-label="Zoom out" ?disabled=${!workspace}
          @click=${() => element.zoomBy(1 / ZOOM)}>−</button>
        <span class="zoom">${zoom} %</span>
        <button type="button" aria-label="Zoom in" ?disabled=${!workspace}
          @click=${() => element.zoomBy(ZOOM)}>+</button>
        <button type="button" ?disabled=${!workspace} @click=${() => element.fit()}>Fit</button>
      </span>
    </div>`;
}

export function helpLine({ help, noun, stride }) {
  return html`
    <details>
      <summary>Mouse and keys</summary>
      <p id="help">${help} Arrows go ${stride} pixels, with Shift one. Number keys
        choose labels. N and P select the next and the previous ${noun}, Delete deletes it, Escape
        drops what is half drawn. Ctrl+Z undoes, Ctrl+Y redoes. Plus and minus, the wheel or two
        fingers zoom, F shows the whole image, which the wheel scrolls past. Ctrl+arrows or the
        middle button move it.</p>
    </details>`;
}

export function drawnList(element) {
  const { isEmpty, items, nothingThere } = element;
  return html`
    <div class="drawn">
      <h2>Drawn: ${items.length}</h2>
      <ul aria-label="What is drawn">
        ${items.map((item, index) => listed(element, item, index))}
      </ul>
      <label class="nothing"><input type="checkbox" .checked=${nothingThere} ?disabled=${!isEmpty}
        @change=${({ target }) => element.sayNothingThere(target.checked)}> Nothing to label</label>
    </div>`;
}

function listed(element, item, index) {
  const isSelected = index === element.selected;
  return html`
    <li>
      <button type="button" class="item" aria-pressed=${String(isSelected)}
        @click=${() => element.select(isSelected ? undefined : index)}>
        ${swatch(item.colour)}<span class="text">${item.text}</span>
      </button>
      ${isSelected ? actions(element, item, index) : nothing}
    </li>`;
}

function actions(element, item, index) {
  return html`
    <span class="actions">
      ${item.isFixed ? nothing : html`
        <select aria-label="Label" @change=${(event) => element.relabel(index, event.target.value)}>
          ${element.choices.map((choice) => html`
            <option .selected=${choice === item.label}>${choice}</option>`)}
        </select>`}
      <button type="button" @click=${() => element.removeListed(index)}>Delete</button>
    </span>`;
}
