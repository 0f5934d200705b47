// happy-dom: https://github.com/capricorn86/happy-dom

import { domArm } from "../dom/arm.mjs";

export default domArm({ name: "happy-dom" });
