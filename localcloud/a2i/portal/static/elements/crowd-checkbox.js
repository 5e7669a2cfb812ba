// <crowd-checkbox>: a box to check.

import { Checkable } from "./checkable.js";

export class CrowdCheckbox extends Checkable {}
