// What the drawing elements take from Konva: its core and the shapes they draw.

import { Konva } from "konva/lib/_CoreInternals.js";
import { Circle } from "konva/lib/shapes/Circle.js";
import { Label, Tag } from "konva/lib/shapes/Label.js";
import { Line } from "konva/lib/shapes/Line.js";
import { Text } from "konva/lib/shapes/Text.js";

export const { Layer, Stage } = Konva;
export { Circle, Label, Line, Tag, Text };
