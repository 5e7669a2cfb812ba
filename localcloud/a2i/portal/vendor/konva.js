// What the drawing elements take from Konva.

export { default } from "konva";
