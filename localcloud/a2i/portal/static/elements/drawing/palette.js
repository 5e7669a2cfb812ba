// The colours of labels: the ten that Ground Truth uses, and as many more as are needed.

const TEN = [
  "#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd",
  "#8c564b", "#e377c2", "#7f7f7f", "#bcbd22", "#17becf",
];

/** The colour with a number, as #rrggbb: another one for each number. */
export function colourOf(index) {
  if (index < TEN.length) return TEN[index];
  // Steps of the golden angle never meet; three lightnesses part neighbours.
  return hex((index * 137.508) % 360, 0.65, 0.35 + 0.15 * (index % 3));
}

/** A colour that is given as #rrggbb or #rgb, as the first; undefined when it is neither. */
export function hexOf(text) {
  if (/^#[0-9a-f]{6}$/i.test(text)) return text;
  return /^#[0-9a-f]{3}$/i.test(text) ? text.replace(/[0-9a-f]/gi, "$&$&") : undefined;
}

export function rgbOf(colour) {
  const value = Number.parseInt(colour.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** The text colour that can be read on a colour. */
export function inkOn(colour) {
  const [red, green, blue] = rgbOf(colour);
  return red * 0.299 + green * 0.587 + blue * 0.114 > 140 ? "#000000" : "#ffffff";
}

function hex(hue, saturation, lightness) {
  const reach = saturation * Math.min(lightness, 1 - lightness);
  const channel = (offset) => {
    const turn = (offset + hue / 30) % 12;
    const value = lightness - reach * Math.max(-1, Math.min(turn - 3, 9 - turn, 1));
    return Math.round(value * 255).toString(16).padStart(2, "0");
  };
  return `#${channel(0)}${channel(8)}${channel(4)}`;
}
