// linkedom: https://github.com/WebReflection/linkedom

import { domArm } from "../dom/arm.mjs";

export default domArm({ name: "linkedom" });
