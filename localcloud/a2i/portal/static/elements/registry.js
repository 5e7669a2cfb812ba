// Every element a task template may use. A further element is one file beside this one and one
// line here; what is not listed shows its content and nothing more.

import { ClassificationTarget } from "./classification-target.js";
import { CrowdAlert } from "./crowd-alert.js";
import { CrowdBadge } from "./crowd-badge.js";
import { CrowdBoundingBox } from "./crowd-bounding-box.js";
import { CrowdButton } from "./crowd-button.js";
import { CrowdCard } from "./crowd-card.js";
import { CrowdCheckbox } from "./crowd-checkbox.js";
import { CrowdClassifierMultiSelect } from "./crowd-classifier-multi-select.js";
import { CrowdClassifier } from "./crowd-classifier.js";
import { CrowdEntityAnnotation } from "./crowd-entity-annotation.js";
import { CrowdFab } from "./crowd-fab.js";
import { CrowdForm } from "./crowd-form.js";
import { CrowdIconButton } from "./crowd-icon-button.js";
import { CrowdImageClassifierMultiSelect } from "./crowd-image-classifier-multi-select.js";
import { CrowdImageClassifier } from "./crowd-image-classifier.js";
import { CrowdInput } from "./crowd-input.js";
import { CrowdInstanceSegmentation } from "./crowd-instance-segmentation.js";
import { CrowdInstructions } from "./crowd-instructions.js";
import { CrowdKeypoint } from "./crowd-keypoint.js";
import { CrowdLine } from "./crowd-line.js";
import { CrowdModal } from "./crowd-modal.js";
import { CrowdPolygon } from "./crowd-polygon.js";
import { CrowdPolyline } from "./crowd-polyline.js";
import { CrowdRadioButton } from "./crowd-radio-button.js";
import { CrowdRadioGroup } from "./crowd-radio-group.js";
import { CrowdSemanticSegmentation } from "./crowd-semantic-segmentation.js";
import {
  CrowdRekognitionDetectModerationLabels,
} from "./crowd-rekognition-detect-moderation-labels.js";
import { CrowdSlider } from "./crowd-slider.js";
import { CrowdTab } from "./crowd-tab.js";
import { CrowdTabs } from "./crowd-tabs.js";
import { CrowdTextArea } from "./crowd-text-area.js";
import { CrowdTextractAnalyzeDocument } from "./crowd-textract-analyze-document.js";
import { CrowdToast } from "./crowd-toast.js";
import { CrowdToggleButton } from "./crowd-toggle-button.js";
import { FullInstructions } from "./full-instructions.js";
import { answerCallsForInstructions, hasInstructions } from "./instructions.js";
import { IronIcon } from "./iron-icon.js";
import { hearPortal, tellPortal } from "./portal-link.js";
import { ShortInstructions } from "./short-instructions.js";
import { WorkerComment } from "./worker-comment.js";

const elements = {
  // First, since it moves what it holds into a form before the others come to life.
  "crowd-form": CrowdForm,
  "classification-target": ClassificationTarget,
  "crowd-alert": CrowdAlert,
  "crowd-badge": CrowdBadge,
  "crowd-bounding-box": CrowdBoundingBox,
  "crowd-button": CrowdButton,
  "crowd-card": CrowdCard,
  "crowd-checkbox": CrowdCheckbox,
  "crowd-classifier": CrowdClassifier,
  "crowd-classifier-multi-select": CrowdClassifierMultiSelect,
  "crowd-entity-annotation": CrowdEntityAnnotation,
  "crowd-fab": CrowdFab,
  "crowd-icon-button": CrowdIconButton,
  "crowd-image-classifier": CrowdImageClassifier,
  "crowd-image-classifier-multi-select": CrowdImageClassifierMultiSelect,
  "crowd-input": CrowdInput,
  "crowd-instance-segmentation": CrowdInstanceSegmentation,
  "crowd-instructions": CrowdInstructions,
  "crowd-keypoint": CrowdKeypoint,
  "crowd-line": CrowdLine,
  "crowd-modal": CrowdModal,
  "crowd-polygon": CrowdPolygon,
  "crowd-polyline": CrowdPolyline,
  "crowd-radio-button": CrowdRadioButton,
  "crowd-radio-group": CrowdRadioGroup,
  "crowd-semantic-segmentation": CrowdSemanticSegmentation,
  "crowd-rekognition-detect-moderation-labels": CrowdRekognitionDetectModerationLabels,
  "crowd-slider": CrowdSlider,
  "crowd-tab": CrowdTab,
  "crowd-tabs": CrowdTabs,
  "crowd-text-area": CrowdTextArea,
  "crowd-textract-analyze-document": CrowdTextractAnalyzeDocument,
  "crowd-toast": CrowdToast,
  "crowd-toggle-button": CrowdToggleButton,
  "full-instructions": FullInstructions,
  "iron-icon": IronIcon,
  "short-instructions": ShortInstructions,
  "worker-comment": WorkerComment,
};

for (const [name, element] of Object.entries(elements)) customElements.define(name, element);

// Templates are seldom whole pages; a screen reader wants a title and a language all the same.
document.title ||= "Task";
document.documentElement.lang ||= "en";

hearPortal("portal:key", ({ key }) => {
  document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
});

answerCallsForInstructions();

document.dispatchEvent(new Event("all-crowd-elements-ready"));

const names = [...document.querySelectorAll("*")].map((each) => each.localName);
tellPortal({
  type: "task:ready",
  // An entity annotation has a form of its own, unless it stands in one.
  answerable: names.includes("crowd-form") || names.includes("crowd-entity-annotation"),
  instructions: hasInstructions(),
  unknown: [...new Set(names.filter((name) => name.startsWith("crowd-")))]
    .filter((name) => !customElements.get(name)),
});
